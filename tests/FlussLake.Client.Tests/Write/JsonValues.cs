using System.Data.SqlTypes;
using System.Globalization;
using System.Text.Json;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Write;

/// <summary>The values of the fixtures as the .NET objects that a writer is given.</summary>
internal static class JsonValues
{
    public static object? Of(JsonElement value, FlussType type)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return type.Kind switch
        {
            FlussTypeKind.Boolean => value.GetBoolean(),
            FlussTypeKind.TinyInt or FlussTypeKind.SmallInt or FlussTypeKind.Int or FlussTypeKind.BigInt => long.Parse(text, CultureInfo.InvariantCulture),
            FlussTypeKind.Float => float.Parse(text, CultureInfo.InvariantCulture),
            FlussTypeKind.Double => double.Parse(text, CultureInfo.InvariantCulture),
            FlussTypeKind.Decimal => SqlDecimal.Parse(text),
            FlussTypeKind.Date => DateOnly.Parse(text, CultureInfo.InvariantCulture),
            FlussTypeKind.Time => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => Timestamp(text),
            FlussTypeKind.Binary or FlussTypeKind.Bytes => Convert.FromHexString(text),
            FlussTypeKind.Array => value.EnumerateArray().Select(element => Of(element, type.Element!)).ToArray(),
            FlussTypeKind.Map => value.EnumerateArray().Select(entry => KeyValuePair.Create(Of(entry[0], type.Key!)!, Of(entry[1], type.Value!))).ToArray(),
            FlussTypeKind.Row => value.EnumerateArray().Select((field, i) => Of(field, type.Fields[i].Type)).ToArray(),
            _ => text,
        };
    }

    private static FlussTimestamp Timestamp(string text)
    {
        string[] parts = text.TrimEnd('Z').Split('.');
        DateTime whole = DateTime.Parse(parts[0], CultureInfo.InvariantCulture);
        int fraction = parts.Length == 1 ? 0 : int.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture);
        return new FlussTimestamp(((whole - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond) + (fraction / 1_000_000), fraction % 1_000_000);
    }
}
