using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>Columns whose values Arrow and Parquet keep in the same bytes: INT, DATE, FLOAT, BIGINT, DOUBLE, and timestamps of whole milliseconds or microseconds.</summary>
internal sealed unsafe class FixedWidthWriter(ParquetColumn target, int width) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        int bytes = checked(count * width);
        new ReadOnlySpan<byte>((byte*)column.Data + (first * width), bytes).CopyTo(Target.Reserve(bytes));
        Target.Advance(bytes);
    }
}
