using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>FLOAT: the nearest value of 32 bits.</summary>
internal sealed class FloatColumnWriter(string place, FlussType type) : FixedWidthColumnWriter<float>(place, type)
{
    protected override float Read(FlussRow row, int column)
    {
        double value = row.GetDouble(column);
        float stored = (float)value;
        return float.IsInfinity(stored) && double.IsFinite(value) ? throw ValueErrors.OutOfRange(Place, Type, value) : CanonicalNaN.Of(stored);
    }
}
