using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log;

/// <summary>Renders expected values (JSON) and decoded ones the same way: decimals without their point, times and timestamps in nanoseconds.</summary>
internal static unsafe class ValueText
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static string Of(JsonElement value, FlussType type)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "null";
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return type.Kind switch
        {
            FlussTypeKind.Float => Text(float.Parse(text, CultureInfo.InvariantCulture)),
            FlussTypeKind.Double => Text(double.Parse(text, CultureInfo.InvariantCulture)),
            FlussTypeKind.Decimal => BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            FlussTypeKind.Date => Text(DateOnly.Parse(text, CultureInfo.InvariantCulture).DayNumber - new DateOnly(1970, 1, 1).DayNumber),
            FlussTypeKind.Time => Text(TimeOnly.Parse(text, CultureInfo.InvariantCulture).Ticks * 100),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => Nanoseconds(text),
            FlussTypeKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(element => Of(element, type.Element!)))}]",
            FlussTypeKind.Map => $"[{string.Join(',', value.EnumerateArray().Select(entry => $"[{Of(entry[0], type.Key!)},{Of(entry[1], type.Value!)}]"))}]",
            FlussTypeKind.Row => $"[{string.Join(',', value.EnumerateArray().Select((field, i) => Of(field, type.Fields[i].Type)))}]",
            _ => text,
        };
    }

    public static string Of(in DecodedColumn column, long row)
    {
        FlussType type = column.Type;
        if (column.Validity != 0 && (((byte*)column.Validity)[row / 8] & (1 << (int)(row % 8))) == 0)
        {
            return "null";
        }

        byte* data = (byte*)column.Data;
        int* offsets = (int*)column.Offsets;
        return type.Kind switch
        {
            FlussTypeKind.Boolean => (data[row / 8] & (1 << (int)(row % 8))) != 0 ? "true" : "false",
            FlussTypeKind.TinyInt => Text(((sbyte*)data)[row]),
            FlussTypeKind.SmallInt => Text(((short*)data)[row]),
            FlussTypeKind.Int or FlussTypeKind.Date => Text(((int*)data)[row]),
            FlussTypeKind.BigInt => Text(((long*)data)[row]),
            FlussTypeKind.Float => Text(((float*)data)[row]),
            FlussTypeKind.Double => Text(((double*)data)[row]),
            FlussTypeKind.Decimal => Text(((Int128*)data)[row]),
            FlussTypeKind.Time => Text(Unit(type.Precision) * (type.Precision <= 3 ? ((int*)data)[row] : ((long*)data)[row])),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => Text((Int128)Unit(type.Precision) * ((long*)data)[row]),
            FlussTypeKind.Binary => Convert.ToHexStringLower(new ReadOnlySpan<byte>(data + (row * type.Length), type.Length)),
            FlussTypeKind.Bytes => Convert.ToHexStringLower(new ReadOnlySpan<byte>(data + offsets[row], offsets[row + 1] - offsets[row])),
            FlussTypeKind.Char or FlussTypeKind.String => s_strict.GetString(data + offsets[row], offsets[row + 1] - offsets[row]),
            FlussTypeKind.Row => Children(column, row),
            _ => Elements(column, offsets[row], offsets[row + 1]),
        };
    }

    private static string Children(in DecodedColumn column, long row)
    {
        string[] fields = new string[column.Children.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = Of(column.Children[i], row);
        }

        return $"[{string.Join(',', fields)}]";
    }

    private static string Elements(in DecodedColumn column, int from, int to)
    {
        string[] elements = new string[to - from];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Of(column.Children[0], from + i);
        }

        return $"[{string.Join(',', elements)}]";
    }

    private static string Text<T>(T value)
        where T : IFormattable
        => value.ToString(null, CultureInfo.InvariantCulture);

    private static long Unit(int precision) => precision switch
    {
        0 => 1_000_000_000,
        <= 3 => 1_000_000,
        <= 6 => 1_000,
        _ => 1,
    };

    private static string Nanoseconds(string text)
    {
        string[] parts = text.TrimEnd('Z').Split('.');
        DateTime whole = DateTime.Parse(parts[0], CultureInfo.InvariantCulture);
        Int128 nanoseconds = (Int128)(whole - DateTime.UnixEpoch).Ticks * 100;
        return Text(nanoseconds + (parts.Length == 1 ? 0 : int.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture)));
    }
}
