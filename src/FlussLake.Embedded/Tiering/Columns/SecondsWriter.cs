using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>Timestamps of precision 0: milliseconds in the lake, and whole seconds in ARROW batches. Those of rows come in milliseconds.</summary>
internal sealed unsafe class SecondsWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        long unit = column.Type.Precision == 0 ? 1000 : 1;
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendInt64(checked(((long*)column.Data)[slot] * unit));
        }
    }
}
