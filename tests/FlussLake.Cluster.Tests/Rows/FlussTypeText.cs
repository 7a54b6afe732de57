using System.Globalization;
using FlussLake.Client.Metadata;

namespace FlussLake.Cluster.Tests.Rows;

/// <summary>Reads the types that tests write for the lab: <c>DECIMAL(12,2) NOT NULL</c>, <c>MAP&lt;STRING,INT&gt;</c>, <c>ROW&lt;x INT, y STRING&gt;</c>.</summary>
internal static class FlussTypeText
{
    private static readonly Dictionary<string, FlussTypeKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BOOLEAN"] = FlussTypeKind.Boolean,
        ["TINYINT"] = FlussTypeKind.TinyInt,
        ["SMALLINT"] = FlussTypeKind.SmallInt,
        ["INT"] = FlussTypeKind.Int,
        ["BIGINT"] = FlussTypeKind.BigInt,
        ["FLOAT"] = FlussTypeKind.Float,
        ["DOUBLE"] = FlussTypeKind.Double,
        ["CHAR"] = FlussTypeKind.Char,
        ["STRING"] = FlussTypeKind.String,
        ["BINARY"] = FlussTypeKind.Binary,
        ["BYTES"] = FlussTypeKind.Bytes,
        ["DECIMAL"] = FlussTypeKind.Decimal,
        ["DATE"] = FlussTypeKind.Date,
        ["TIME"] = FlussTypeKind.Time,
        ["TIMESTAMP"] = FlussTypeKind.Timestamp,
        ["TIMESTAMP_LTZ"] = FlussTypeKind.TimestampLtz,
        ["ARRAY"] = FlussTypeKind.Array,
        ["MAP"] = FlussTypeKind.Map,
        ["ROW"] = FlussTypeKind.Row,
    };

    public static FlussType Parse(string text)
    {
        text = text.Trim();
        bool nullable = true;
        if (text.EndsWith(" NOT NULL", StringComparison.OrdinalIgnoreCase))
        {
            nullable = false;
            text = text[..^" NOT NULL".Length].TrimEnd();
        }

        int open = text.IndexOfAny(['(', '<']);
        string name = open < 0 ? text : text[..open];
        FlussTypeKind kind = s_kinds.TryGetValue(name, out FlussTypeKind found) ? found : throw new FormatException($"'{text}' is not a type.");
        List<string> arguments = open < 0 ? [] : Split(text[(open + 1)..^1]);
        FlussType type = new(kind) { IsNullable = nullable };
        return kind switch
        {
            FlussTypeKind.Char or FlussTypeKind.Binary => type with { Length = Number(arguments[0]) },
            FlussTypeKind.Decimal => type with { Precision = Number(arguments[0]), Scale = arguments.Count > 1 ? Number(arguments[1]) : 0 },
            FlussTypeKind.Time => type with { Precision = arguments.Count > 0 ? Number(arguments[0]) : 0 },
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => type with { Precision = arguments.Count > 0 ? Number(arguments[0]) : 6 },
            FlussTypeKind.Array => type with { Element = Parse(arguments[0]) },
            FlussTypeKind.Map => type with { Key = Parse(arguments[0]), Value = Parse(arguments[1]) },
            FlussTypeKind.Row => type with { Fields = [.. arguments.Select(Field)] },
            _ => type,
        };
    }

    private static FlussField Field(string text)
    {
        string[] parts = text.Split(' ', 2);
        return new FlussField(parts[0], Parse(parts[1]), -1);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static List<string> Split(string text)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] is '<' or '(' ? 1 : text[i] is '>' or ')' ? -1 : 0;
            if (depth == 0 && text[i] == ',')
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }
}
