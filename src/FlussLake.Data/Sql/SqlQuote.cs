namespace FlussLake.Data.Sql;

/// <summary>Puts names and values into SQL text. Every identifier and literal of generated SQL passes through here.</summary>
internal static class SqlQuote
{
    public static string Identifier(string name) => string.Concat("\"", name.Replace("\"", "\"\"", StringComparison.Ordinal), "\"");

    public static string Literal(string value) => string.Concat("'", value.Replace("'", "''", StringComparison.Ordinal), "'");
}
