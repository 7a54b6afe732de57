using Apache.Arrow;
using Apache.Arrow.Arrays;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Text and bytes in any of Arrow's layouts.</summary>
internal sealed class ArrowBinaries : ArrowColumn
{
    private IArrowArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = array;
    }

    public override ReadOnlySpan<byte> GetBytes(int index) => _array switch
    {
        BinaryArray array => array.GetBytes(index, out _),
        LargeBinaryArray array => array.GetBytes(index, out _),
        BinaryViewArray array => array.GetBytes(index, out _),
        FixedSizeBinaryArray array => array.GetBytes(index),
        _ => default,
    };
}
