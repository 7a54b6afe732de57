using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>DOUBLE.</summary>
internal sealed class DoubleColumnWriter(string place, FlussType type) : FixedWidthColumnWriter<double>(place, type)
{
    protected override double Read(FlussRow row, int column) => CanonicalNaN.Of(row.GetDouble(column));
}
