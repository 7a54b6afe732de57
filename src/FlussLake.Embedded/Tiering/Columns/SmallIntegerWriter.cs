using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>TINYINT and SMALLINT, which Parquet keeps in 32 bits.</summary>
internal sealed unsafe class SmallIntegerWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        bool isTiny = column.Type.Kind == FlussTypeKind.TinyInt;
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendInt32(isTiny ? ((sbyte*)column.Data)[slot] : ((short*)column.Data)[slot]);
        }
    }
}
