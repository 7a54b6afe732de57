using System.Globalization;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>An atomic Paimon type cut into its root, precision and scale.</summary>
internal readonly record struct PaimonDataType(string Root, int? Precision, int? Scale)
{
    public static PaimonDataType Parse(string type)
    {
        PaimonType parsed = PaimonType.Parse(type);
        int comma = type.IndexOf(',', StringComparison.Ordinal);
        int close = type.IndexOf(')', StringComparison.Ordinal);
        int? scale = comma > 0 && close > comma && int.TryParse(type.AsSpan((comma + 1)..close), CultureInfo.InvariantCulture, out int digits) ? digits : null;
        return new PaimonDataType(parsed.Root is "DEC" or "NUMERIC" ? "DECIMAL" : parsed.Root, parsed.Precision, scale);
    }
}
