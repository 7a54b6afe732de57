using System.Data.SqlTypes;
using System.Globalization;
using FlussLake.Client;

namespace FlussLake.Cluster.Tests.Write;

/// <summary>Values of each type that can be a key: as the lab takes them, and as a writer is given them.</summary>
internal static class KeyValues
{
    public static (object Lab, object Net)[] Of(string type) => type switch
    {
        "BOOLEAN" => [(true, true), (false, false)],
        "TINYINT" => [.. new long[] { 0, 1, -1, 127, -128, 42 }.Select(Same)],
        "SMALLINT" => [.. new long[] { 0, 1, -1, 32767, -32768, 300, -300 }.Select(Same)],
        "INT" => [.. new long[] { 0, 1, -1, 2, 3, 100, 127, 128, 16384, int.MaxValue, int.MinValue, -123456 }.Select(Same)],
        "BIGINT" => [.. new long[] { 0, 1, -1, 300, long.MaxValue, long.MinValue, 1L << 40, -(1L << 50), 987654321987 }.Select(Same)],
        "FLOAT" => [.. new[] { 0f, 1f, -1.5f, 32768.5f, float.MaxValue, float.Epsilon, float.NaN, float.PositiveInfinity }.Select(value => (Text(value), (object)value))],
        "DOUBLE" => [.. new[] { 0d, 1d, -1.5d, 3.25e100d, double.MaxValue, double.Epsilon, double.NaN, double.NegativeInfinity }.Select(value => (Text(value), (object)value))],
        "DATE" => [.. new[] { "1970-01-01", "2024-02-29", "1969-12-31", "0001-01-01", "9999-12-31" }.Select(text => ((object)text, (object)DateOnly.Parse(text, CultureInfo.InvariantCulture)))],
        _ when type.StartsWith("CHAR", StringComparison.Ordinal) || type == "STRING" =>
            [.. new[] { "a", "ab", "abc", "abcdefg", "abcdefgh", "abcdefghi", "äöü", "日本語", "🙂🙂" }.Select(text => ((object)text, (object)text))],
        _ when type.StartsWith("BINARY", StringComparison.Ordinal) => [.. new[] { "00ff80", "010203", "ffffff" }.Select(Hex)],
        "BYTES" => [.. new[] { "00", "ff80", "010203", "01020304", "ff02030405", "00112233445566", "0011223344556677", "0011223344556677ff" }.Select(Hex)],
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) =>
            [.. new[] { "0.00", "1.00", "-1.00", "123456.78", "-99999999.99", "0.01" }.Select(text => ((object)text, (object)SqlDecimal.Parse(text)))],
        _ when type.StartsWith("TIME(", StringComparison.Ordinal) => [.. new[] { "00:00:00", "10:11:12", "23:59:59" }.Select(text => ((object)text, (object)TimeOnly.Parse(text, CultureInfo.InvariantCulture)))],
        _ => [.. s_timestamps.Select(value => (
            (object)(value.Text + (type.StartsWith("TIMESTAMP_LTZ", StringComparison.Ordinal) ? "Z" : "")),
            (object)value.Value))],
    };

    private static readonly (string Text, FlussTimestamp Value)[] s_timestamps =
    [
        ("1970-01-01T00:00:00", new(0, 0)),
        ("2024-02-29T10:11:12", new(1709201472000, 0)),
        ("1969-12-31T23:59:59", new(-1000, 0)),
        ("2024-02-29T23:59:58", new(1709251198000, 0)),
    ];

    private static (object Lab, object Net) Same(long value) => (value, value);

    private static (object Lab, object Net) Hex(string text) => (text, Convert.FromHexString(text));

    private static object Text(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : value;

    private static object Text(float value) => float.IsNaN(value) ? "NaN" : float.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : value;
}
