using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>Timestamps of precision 0: whole seconds in log batches, milliseconds in the lake.</summary>
internal sealed unsafe class SecondsWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendInt64(checked(((long*)column.Data)[slot] * 1000));
        }
    }
}
