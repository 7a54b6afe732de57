using System.Numerics;
using Apache.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Integers of any width, with a sign or without one.</summary>
internal sealed class ArrowIntegers<T>(string place, FlussType type) : ArrowColumn
    where T : struct, IBinaryInteger<T>
{
    private PrimitiveArray<T>? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (PrimitiveArray<T>)array;
    }

    public override long GetInt64(int index)
    {
        T value = _array!.Values[index];
        long stored = long.CreateTruncating(value);
        return T.CreateTruncating(stored) == value && T.IsNegative(value) == long.IsNegative(stored) ? stored : throw ValueErrors.OutOfRange(place, type, value);
    }
}
