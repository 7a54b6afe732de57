using System.Data.SqlTypes;
using System.Globalization;
using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Cluster.Tests.Rows;

/// <summary>The .NET value that a program gives a writer for a value in the lab's form.</summary>
internal static class ClrValues
{
    public static object? From(object? value, FlussType type) => (type.Kind, value) switch
    {
        (_, null) => null,
        (FlussTypeKind.Float, double number) => (float)number,
        (FlussTypeKind.Binary or FlussTypeKind.Bytes, string hex) => Convert.FromHexString(hex),
        (FlussTypeKind.Decimal, string text) when type.Precision > 28 => SqlDecimal.Parse(text),
        (FlussTypeKind.Decimal, string text) => decimal.Parse(text, CultureInfo.InvariantCulture),
        (FlussTypeKind.Date, string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        (FlussTypeKind.Time, string text) => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
        (FlussTypeKind.Timestamp, string text) when Fraction(text) > 7 => Precise(text),
        (FlussTypeKind.Timestamp, string text) => DateTime.Parse(text, CultureInfo.InvariantCulture),
        (FlussTypeKind.TimestampLtz, string text) when Fraction(text) > 7 => Precise(text),
        (FlussTypeKind.TimestampLtz, string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
        (FlussTypeKind.Array, object?[] elements) => elements.Select(element => From(element, type.Element!)).ToArray(),
        (FlussTypeKind.Map, object?[] entries) => entries.Cast<object?[]>().ToDictionary(entry => From(entry[0], type.Key!)!, entry => From(entry[1], type.Value!)),
        (FlussTypeKind.Row, object?[] fields) => fields.Select((field, i) => From(field, type.Fields[i].Type)).ToArray(),
        _ => value,
    };

    private static int Fraction(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('Z').Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;

    private static FlussTimestamp Precise(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        long seconds = (long)(DateTime.Parse(text[..point], CultureInfo.InvariantCulture) - DateTime.UnixEpoch).TotalSeconds;
        int nanoseconds = int.Parse(text[(point + 1)..].TrimEnd('Z').PadRight(9, '0'), CultureInfo.InvariantCulture);
        return new FlussTimestamp((seconds * 1000) + (nanoseconds / 1_000_000), nanoseconds % 1_000_000);
    }
}
