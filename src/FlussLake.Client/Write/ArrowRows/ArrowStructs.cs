using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Structs, matched by position.</summary>
internal sealed class ArrowStructs(ArrowColumn[] fields) : ArrowColumn
{
    private readonly ArrowFields _row = new(fields);

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        StructArray structs = (StructArray)array;
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].Set(structs.Fields[i]);
        }
    }

    public override FlussRow GetNested(int index, out int count)
    {
        _row.Index = index;
        count = fields.Length;
        return _row;
    }
}
