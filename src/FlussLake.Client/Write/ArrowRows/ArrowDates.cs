using Apache.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Date64: milliseconds, which must be a whole number of days. Date32 is read as an integer.</summary>
internal sealed class ArrowDates(string place, FlussType type) : ArrowColumn
{
    private const long MillisecondsPerDay = 86_400_000;

    private Date64Array? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (Date64Array)array;
    }

    public override long GetInt64(int index)
    {
        long milliseconds = _array!.Values[index];
        return milliseconds % MillisecondsPerDay == 0 ? milliseconds / MillisecondsPerDay : throw ValueErrors.OutOfRange(place, type, milliseconds + " ms");
    }
}
