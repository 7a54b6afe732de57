using Apache.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Timestamps in any unit.</summary>
/// <param name="nanoseconds">The nanoseconds of a unit.</param>
/// <param name="place">How messages name the column.</param>
/// <param name="type">The column's type.</param>
internal sealed class ArrowTimestamps(long nanoseconds, string place, FlussType type) : ArrowColumn
{
    private const long NanosecondsPerMillisecond = TimeUnits.NanosecondsPerMillisecond;

    private TimestampArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (TimestampArray)array;
    }

    public override (long Milliseconds, int Nanoseconds) GetTimestamp(int index)
    {
        long value = _array!.Values[index];
        if (nanoseconds >= NanosecondsPerMillisecond)
        {
            long perUnit = nanoseconds / NanosecondsPerMillisecond;
            return Int128.Abs((Int128)value * perUnit) <= long.MaxValue ? (value * perUnit, 0) : throw ValueErrors.OutOfRange(place, type, value);
        }

        long perMillisecond = NanosecondsPerMillisecond / nanoseconds;
        (long milliseconds, long rest) = Math.DivRem(value, perMillisecond);
        return rest < 0 ? (milliseconds - 1, (int)((rest + perMillisecond) * nanoseconds)) : (milliseconds, (int)(rest * nanoseconds));
    }
}
