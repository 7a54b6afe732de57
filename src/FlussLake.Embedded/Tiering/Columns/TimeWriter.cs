using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>TIME: milliseconds of the day in the lake, whatever the precision. Log batches hold the unit that fits the precision.</summary>
internal sealed unsafe class TimeWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        int precision = column.Type.Precision;
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendInt32(precision switch
            {
                0 => ((int*)column.Data)[slot] * 1000,
                <= 3 => ((int*)column.Data)[slot],
                <= 6 => (int)(((long*)column.Data)[slot] / 1000),
                _ => (int)(((long*)column.Data)[slot] / 1_000_000),
            });
        }
    }
}
