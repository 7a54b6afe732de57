using System.Globalization;

namespace FlussLake.Cluster.Tests.Rows;

/// <summary>
/// The one text form that values of both sides are compared in. Nothing is rounded: floating-point numbers are their bits, decimals have their type's scale, times and
/// timestamps nine fractional digits, texts are quoted (so that no text is taken for NULL or a number).
/// </summary>
internal static partial class Canonical
{
    public const string Null = "NULL";

    public static string Row(IEnumerable<string> values) => string.Join(" | ", values);

    private static string Text(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Bits(float value) =>
        float.IsNaN(value) ? "NaN" : string.Create(CultureInfo.InvariantCulture, $"{value:R} #{BitConverter.SingleToInt32Bits(value):X8}");

    private static string Bits(double value) =>
        double.IsNaN(value) ? "NaN" : string.Create(CultureInfo.InvariantCulture, $"{value:R} #{BitConverter.DoubleToInt64Bits(value):X16}");

    /// <summary>Gives a decimal's text exactly <paramref name="scale"/> fractional digits; digits that do not fit are an error, not rounded away.</summary>
    private static string Scaled(string text, int scale)
    {
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        string whole = (point < 0 ? digits : digits[..point]).TrimStart('0');
        string fraction = (point < 0 ? "" : digits[(point + 1)..]).TrimEnd('0');
        if (!digits.All(c => char.IsAsciiDigit(c) || c == '.') || fraction.Length > scale)
        {
            throw new FormatException($"'{text}' is not a decimal with {scale} fractional digits.");
        }

        string result = (whole.Length == 0 ? "0" : whole) + (scale == 0 ? "" : "." + fraction.PadRight(scale, '0'));
        return negative && result.Any(c => c is not ('0' or '.')) ? "-" + result : result;
    }

    /// <summary>Gives an ISO time, with or without seconds and fraction, all its digits: <c>10:11</c> becomes <c>10:11:00.000000000</c>.</summary>
    private static string Clock(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string clock = point < 0 ? text : text[..point];
        string fraction = point < 0 ? "" : text[(point + 1)..];
        if (clock.Length == 5)
        {
            clock += ":00";
        }

        if (clock.Length != 8 || fraction.Length > 9 || !fraction.All(char.IsAsciiDigit))
        {
            throw new FormatException($"'{text}' is not a time.");
        }

        return $"{clock}.{fraction.PadRight(9, '0')}";
    }

    /// <summary>An ISO or SQL timestamp without zone, with all its digits.</summary>
    private static string Moment(string text)
    {
        int split = text.IndexOfAny(['T', ' ']);
        return split < 0 ? throw new FormatException($"'{text}' is not a timestamp.") : $"{Day(text[..split])} {Clock(text[(split + 1)..])}";
    }

    /// <summary>A date whose year is in 0001 to 9999, so that no side's way to write other years matters.</summary>
    private static string Day(string text) =>
        DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
