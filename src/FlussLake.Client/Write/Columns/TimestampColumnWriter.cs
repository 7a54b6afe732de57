using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>TIMESTAMP and TIMESTAMP_LTZ in the unit of their precision, as <see cref="TimestampUnits"/> says.</summary>
internal sealed class TimestampColumnWriter(string place, FlussType type) : FixedWidthColumnWriter<long>(place, type)
{
    protected override long Read(FlussRow row, int column) => TimestampUnits.ToUnit(row.GetTimestamp(column), Place, Type);
}
