using System.Globalization;
using System.Text.Json;
using FlussLake.Client.Metadata;

namespace FlussLake.Cluster.Tests.Rows;

/// <content>From the lab's JSON.</content>
internal static partial class Canonical
{
    /// <summary>The canonical text of a value that the lab wrote.</summary>
    public static string FromJson(JsonElement value, FlussType type)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return Null;
        }

        return type.Kind switch
        {
            FlussTypeKind.Boolean => value.GetBoolean() ? "true" : "false",
            FlussTypeKind.TinyInt or FlussTypeKind.SmallInt or FlussTypeKind.Int or FlussTypeKind.BigInt => value.GetInt64().ToString(CultureInfo.InvariantCulture),
            FlussTypeKind.Float => Bits(float.Parse(NumberText(value), CultureInfo.InvariantCulture)),
            FlussTypeKind.Double => Bits(double.Parse(NumberText(value), CultureInfo.InvariantCulture)),
            FlussTypeKind.Char or FlussTypeKind.String => Text(value.GetString()!),
            FlussTypeKind.Binary or FlussTypeKind.Bytes => "0x" + value.GetString()!.ToUpperInvariant(),
            FlussTypeKind.Decimal => Scaled(value.GetString()!, type.Scale),
            FlussTypeKind.Date => Day(value.GetString()!),
            FlussTypeKind.Time => Clock(value.GetString()!),
            FlussTypeKind.Timestamp => Moment(value.GetString()!),
            FlussTypeKind.TimestampLtz => Moment(value.GetString()!.TrimEnd('Z')) + "Z",
            FlussTypeKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(element => FromJson(element, type.Element!))) + "]",
            FlussTypeKind.Map => Entries(value.EnumerateArray().Select(entry => (FromJson(entry[0], type.Key!), FromJson(entry[1], type.Value!)))),
            FlussTypeKind.Row => "(" + string.Join(", ", value.EnumerateArray().Select((field, i) => FromJson(field, type.Fields[i].Type))) + ")",
            _ => throw new NotSupportedException($"{type} has no canonical text."),
        };
    }

    private static string NumberText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Entries(IEnumerable<(string Key, string Value)> entries) =>
        "{" + string.Join(", ", entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {entry.Value}")) + "}";
}
