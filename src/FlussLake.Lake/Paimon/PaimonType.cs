using System.Globalization;

namespace FlussLake.Lake.Paimon;

/// <summary>An atomic type as the schema file writes it, cut into its root and precision.</summary>
/// <param name="Root">The name in upper case without parameters; a zoned timestamp is TIMESTAMP_LTZ, however it was written.</param>
/// <param name="Precision">The first parameter; null where there is none.</param>
internal readonly record struct PaimonType(string Root, int? Precision)
{
    internal static PaimonType Parse(string type)
    {
        string text = type.Trim().ToUpperInvariant();
        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = open < 0 ? -1 : text.IndexOf(')', open);
        string root = close < 0 ? text : text[..open].TrimEnd();
        string rest = close < 0 ? "" : text[(close + 1)..].Trim();
        int? precision = null;
        if (close > 0 && int.TryParse(text[(open + 1)..close].Split(',')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) precision = number;
        if (close < 0 && root.IndexOf(' ', StringComparison.Ordinal) is var space and > 0)
        {
            rest = root[space..].Trim();
            root = root[..space];
        }

        if (root == "TIMESTAMP" && rest.Contains("LOCAL", StringComparison.Ordinal)) root = "TIMESTAMP_LTZ";
        return new PaimonType(root, precision);
    }
}
