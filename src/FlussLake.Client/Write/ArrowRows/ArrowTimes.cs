using System.Numerics;
using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Times of day in any unit.</summary>
/// <param name="nanoseconds">The nanoseconds of a unit.</param>
internal sealed class ArrowTimes<T>(long nanoseconds) : ArrowColumn
    where T : struct, IBinaryInteger<T>
{
    private const long NanosecondsPerDay = 86_400_000_000_000;

    private PrimitiveArray<T>? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (PrimitiveArray<T>)array;
    }

    /// <summary>What is no time of a day is -1, which the column refuses.</summary>
    public override long GetInt64(int index)
    {
        long value = long.CreateTruncating(_array!.Values[index]);
        return (ulong)value < (ulong)(NanosecondsPerDay / nanoseconds) ? value * nanoseconds : -1;
    }
}
