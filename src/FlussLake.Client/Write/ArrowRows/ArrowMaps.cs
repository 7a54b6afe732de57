using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Maps.</summary>
internal sealed class ArrowMaps(ArrowColumn keys, ArrowColumn values) : ArrowColumn
{
    private readonly ArrowEntries _row = new(keys, values);
    private MapArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (MapArray)array;
        keys.Set(_array.Keys);
        values.Set(_array.Values);
    }

    public override FlussRow GetNested(int index, out int count)
    {
        _row.Start = _array!.ValueOffsets[index];
        count = _array.ValueOffsets[index + 1] - _row.Start;
        return _row;
    }
}
