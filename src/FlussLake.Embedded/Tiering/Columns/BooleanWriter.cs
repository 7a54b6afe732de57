using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>BOOLEAN.</summary>
internal sealed unsafe class BooleanWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        byte* bits = (byte*)column.Data;
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendBoolean((bits[slot >> 3] >> (int)(slot & 7) & 1) != 0);
        }
    }
}
