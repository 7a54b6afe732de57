using System.Globalization;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sql;

namespace FlussLake.Data.UnionRead;

/// <summary>Rewrites the parts of a value that need it, at any depth, and leaves the rest as it stands.</summary>
internal static class NestedValue
{
    /// <summary>The expression that gives <paramref name="value"/> with <paramref name="rewrite"/> done to every part of a type that <paramref name="isConcerned"/> picks.</summary>
    public static string Of(FlussType type, string value, Func<FlussType, bool> isConcerned, Func<FlussType, string, string> rewrite) => Of(type, value, isConcerned, rewrite, 0);

    // The functions that build a LIST, MAP or STRUCT make a value even of NULL, so that each NULL is kept by hand.
    private static string Of(FlussType type, string value, Func<FlussType, bool> isConcerned, Func<FlussType, string, string> rewrite, int depth)
    {
        if (!ColumnTypes.Any(type, isConcerned))
        {
            return value;
        }

        string item = string.Create(CultureInfo.InvariantCulture, $"x{depth}");
        string Part(FlussType part, string expression) => Of(part, expression, isConcerned, rewrite, depth + 1);
        return type.Kind switch
        {
            FlussTypeKind.Array => $"list_transform({value}, lambda {item}: {Part(type.Element!, item)})",
            FlussTypeKind.Map => WhereNotNull(value, $"map_from_entries(list_transform(map_entries({value}), lambda {item}: "
                + $"struct_pack(\"key\" := {Part(type.Key!, $"{item}['key']")}, \"value\" := {Part(type.Value!, $"{item}['value']")})))"),
            FlussTypeKind.Row => WhereNotNull(value, $"struct_pack({string.Join(", ", type.Fields.Select(field =>
                $"{SqlQuote.Identifier(field.Name)} := {Part(field.Type, $"{value}[{SqlQuote.Literal(field.Name)}]")}"))})"),
            _ => rewrite(type, value),
        };
    }

    private static string WhereNotNull(string value, string expression) => $"CASE WHEN {value} IS NOT NULL THEN {expression} END";
}
