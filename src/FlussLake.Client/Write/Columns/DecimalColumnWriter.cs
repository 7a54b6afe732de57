using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>DECIMAL: 128 bits whatever the precision.</summary>
internal sealed class DecimalColumnWriter(string place, FlussType type) : FixedWidthColumnWriter<Int128>(place, type)
{
    private readonly Int128 _limit = PowersOfTen.Int128(type.Precision);

    protected override Int128 Read(FlussRow row, int column)
    {
        Int128 value = row.GetUnscaledDecimal(column, Type.Precision, Type.Scale);
        return value < _limit && value > -_limit ? value : throw ValueErrors.OutOfRange(Place, Type, $"{value}E-{Type.Scale}");
    }
}
