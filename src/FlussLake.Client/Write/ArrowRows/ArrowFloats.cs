using System.Numerics;
using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Floating-point numbers of 16, 32 or 64 bits.</summary>
internal sealed class ArrowFloats<T> : ArrowColumn
    where T : struct, IFloatingPointIeee754<T>
{
    private PrimitiveArray<T>? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (PrimitiveArray<T>)array;
    }

    public override double GetDouble(int index) => double.CreateChecked(_array!.Values[index]);
}
