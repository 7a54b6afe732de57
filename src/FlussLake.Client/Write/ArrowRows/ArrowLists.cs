using Apache.Arrow;
using Apache.Arrow.Types;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Lists, with offsets of 32 or 64 bits, or of one size.</summary>
internal sealed class ArrowLists(ArrowColumn elements) : ArrowColumn
{
    private readonly ArrowElements _row = new(elements);
    private IArrowArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = array;
        elements.Set(array switch
        {
            ListArray list => list.Values,
            LargeListArray list => list.Values,
            _ => ((FixedSizeListArray)array).Values,
        });
    }

    public override FlussRow GetNested(int index, out int count)
    {
        switch (_array)
        {
            case ListArray list:
                _row.Start = list.ValueOffsets[index];
                count = list.ValueOffsets[index + 1] - _row.Start;
                break;
            case LargeListArray list:
                _row.Start = checked((int)list.ValueOffsets[index]);
                count = checked((int)list.ValueOffsets[index + 1]) - _row.Start;
                break;
            default:
                count = ((FixedSizeListType)_array!.Data.DataType).ListSize;
                _row.Start = checked((_array.Data.Offset + index) * count);
                break;
        }

        return _row;
    }
}
