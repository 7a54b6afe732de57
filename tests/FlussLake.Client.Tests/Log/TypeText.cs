using System.Globalization;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log;

/// <summary>Reads types as the fixtures spell them: <c>DECIMAL(9,2)</c>, <c>MAP&lt;STRING,ROW&lt;x INT&gt;&gt;</c>.</summary>
internal static class TypeText
{
    public static FlussType Parse(string text)
    {
        int at = 0;
        FlussType type = Type(text, ref at);
        Assert.Equal(text.Length, at);
        return type;
    }

    private static FlussType Type(string text, ref int at)
    {
        string name = Word(text, ref at);
        bool bracketed = at < text.Length && (text[at] is '(' or '<');
        FlussType type = name switch
        {
            "ARRAY" => new FlussType(FlussTypeKind.Array) { Element = Nested(text, ref at) },
            "MAP" => new FlussType(FlussTypeKind.Map) { Key = Nested(text, ref at), Value = Nested(text, ref at) },
            "ROW" => new FlussType(FlussTypeKind.Row) { Fields = Fields(text, ref at) },
            "TIMESTAMP_LTZ" => new FlussType(FlussTypeKind.TimestampLtz) { Precision = Number(text, ref at) },
            "TIMESTAMP" or "TIME" => new FlussType(Enum.Parse<FlussTypeKind>(name, ignoreCase: true)) { Precision = Number(text, ref at) },
            "CHAR" or "BINARY" => new FlussType(Enum.Parse<FlussTypeKind>(name, ignoreCase: true)) { Length = Number(text, ref at) },
            "DECIMAL" => new FlussType(FlussTypeKind.Decimal) { Precision = Number(text, ref at), Scale = Number(text, ref at) },
            _ => new FlussType(Enum.Parse<FlussTypeKind>(name, ignoreCase: true)),
        };
        if (bracketed)
        {
            at++;
        }

        if (text.AsSpan(at).StartsWith(" NOT NULL"))
        {
            at += " NOT NULL".Length;
            return type with { IsNullable = false };
        }

        return type;
    }

    private static FlussType Nested(string text, ref int at)
    {
        // Over '<' or ','; the caller steps over the bracket that closes its own.
        at++;
        return Type(text, ref at);
    }

    private static List<FlussField> Fields(string text, ref int at)
    {
        List<FlussField> fields = [];
        while (text[at] is '<' or ',')
        {
            at++;
            while (text[at] == ' ')
            {
                at++;
            }

            string name = Word(text, ref at);
            at++;
            fields.Add(new FlussField(name, Type(text, ref at), -1));
        }

        return fields;
    }

    private static int Number(string text, ref int at)
    {
        at++;
        return int.Parse(Word(text, ref at), CultureInfo.InvariantCulture);
    }

    private static string Word(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return text[start..at];
    }
}
