using System.Globalization;
using System.Text;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sql;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Renders a plan as one SELECT. Inside the union the columns have generated names and stand by position, because DuckDB takes names that differ only in case for the same;
/// a hidden constant comes first, so that <c>count(*)</c> asks for it alone.
/// </summary>
internal static class UnionReadSql
{
    /// <summary>The hidden column: a constant that costs nothing to read.</summary>
    public const string RowMarker = "__n";

    /// <summary>The separator of paths in the list of lake files; a path that contains it is refused.</summary>
    public const char PathSeparator = '\n';

    /// <summary>The name of a column inside the union.</summary>
    public static string Alias(int position) => string.Create(CultureInfo.InvariantCulture, $"c{position}");

    public static string Render(UnionReadPlan plan)
    {
        IReadOnlyList<FlussColumn> columns = plan.Table.Schema.Columns;
        string?[] problems = [.. columns.Select(column => Problem(plan, column))];
        StringBuilder sql = new("SELECT ");
        sql.AppendJoin(", ", columns.Select((column, position) => $"{Outer(plan, column, position, problems[position])} AS {SqlQuote.Identifier(column.Name)}"));
        sql.Append(" FROM (").AppendJoin(" UNION ALL ", Arms(plan, problems)).Append(')');
        return sql.ToString();
    }

    /// <summary>The problem that makes a column unreadable in this plan, or null. Statements that do not use the column are not concerned.</summary>
    public static string? Problem(UnionReadPlan plan, FlussColumn column)
    {
        FlussType type = column.Type;
        if (!ColumnTypes.IsSupported(type))
        {
            return Messages.UnsupportedColumn(plan.Table.Path, column);
        }

        // DuckDB would take one for the other without a word, in Parquet files and in queries.
        if (plan.Table.Schema.Columns.FirstOrDefault(other => other.Id != column.Id && other.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) is { } twin)
        {
            return Messages.NamesDifferInCaseOnly(plan.Table.Path, column, twin);
        }

        bool losesNanoseconds = plan.Nanoseconds == TimestampNanoseconds.Error && ColumnTypes.Any(type, part => part.Precision > ColumnTypes.MicrosecondPrecision
            && (part.Kind == FlussTypeKind.TimestampLtz || (part.Kind == FlussTypeKind.Timestamp && plan.HasLakeFiles)));
        return losesNanoseconds ? Messages.Nanoseconds(plan.Table.Path, column) : null;
    }

    private static IEnumerable<string> Arms(UnionReadPlan plan, string?[] problems)
    {
        int arms = 0;
        if (plan.Lake is { } lake)
        {
            foreach (long schemaId in lake.Files.Select(file => file.SchemaId).Distinct().Order())
            {
                arms++;
                yield return LakeArm(plan, problems, lake, schemaId);
            }
        }

        if (plan.LogRanges.Count > 0)
        {
            arms++;
            yield return $"SELECT {RowMarker}{Columns(plan, problems, (column, position) => Cast(LogValue(plan, column, Alias(position)), column, plan))} FROM {LogCall(plan)}";
        }

        if (arms == 0)
        {
            yield return $"SELECT 0::TINYINT AS {RowMarker}{Columns(plan, problems, (column, _) => Null(column, plan))} WHERE false";
        }
    }

    /// <summary>
    /// The files of one schema, read by the names that this schema gives the columns: a file that lacks one of them is an error of DuckDB's, never a column of NULLs.
    /// A column is found by its lake field id, so renames in the lake are followed; a column that the file's schema does not have yet is NULL.
    /// </summary>
    private static string LakeArm(UnionReadPlan plan, string?[] problems, LakeScan lake, long schemaId)
    {
        Dictionary<string, LakeField> current = lake.Schema.Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        Dictionary<int, LakeField> physical = lake.FileSchemas[schemaId].Fields.ToDictionary(field => field.Id);
        long rows = lake.Files.Where(file => file.SchemaId == schemaId).Sum(file => file.RowCount);
        string columns = Columns(plan, problems, (column, _) =>
            current.TryGetValue(column.Name, out LakeField? field) && physical.TryGetValue(field.Id, out LakeField? stored)
                ? Cast(LakeValue(column, SqlQuote.Identifier(stored.Name)), column, plan)
                : Null(column, plan));
        string files = SqlQuote.Literal(string.Create(CultureInfo.InvariantCulture, $"{plan.Id}/{schemaId}"));
        return $"SELECT 0::TINYINT AS {RowMarker}{columns} FROM read_parquet(string_split(__flusslake_files({files}), chr({(int)PathSeparator})), "
            + $"hive_partitioning=false, binary_as_string=false, explicit_cardinality={rows.ToString(CultureInfo.InvariantCulture)})";
    }

    // Paimon keeps TIMESTAMP_LTZ above 6 digits as INT96 without a zone, holding UTC: a plain cast would take it for local time.
    private static string LakeValue(FlussColumn column, string stored) => NestedValue.Of(
        column.Type,
        stored,
        type => type is { Kind: FlussTypeKind.TimestampLtz, Precision: > ColumnTypes.MicrosecondPrecision },
        (_, value) => $"timezone('UTC', {value}::TIMESTAMP)");

    // The log keeps nanoseconds. Where they are cut off, they are cut off as the lake half's are.
    private static string LogValue(UnionReadPlan plan, FlussColumn column, string value) => NestedValue.Of(
        column.Type,
        value,
        type => plan.Nanoseconds == TimestampNanoseconds.Truncate && type.Precision > ColumnTypes.MicrosecondPrecision && (type.Kind is FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz),
        (type, part) => type.Kind == FlussTypeKind.Timestamp ? LakeMicroseconds.Of(part) : $"timezone('UTC', {LakeMicroseconds.Of(part)})");

    private static string LogCall(UnionReadPlan plan) => $"__flusslake_log({SqlQuote.Literal(plan.Id)})";

    private static string Columns(UnionReadPlan plan, string?[] problems, Func<FlussColumn, int, string> value)
    {
        StringBuilder sql = new();
        for (int position = 0; position < plan.Table.Schema.Columns.Count; position++)
        {
            if (problems[position] is null)
            {
                sql.Append(", ").Append(value(plan.Table.Schema.Columns[position], position)).Append(" AS ").Append(Alias(position));
            }
        }

        return sql.ToString();
    }

    private static string Outer(UnionReadPlan plan, FlussColumn column, int position, string? problem) => problem is null
        ? Alias(position)
        : $"error({SqlQuote.Literal(problem)})::{(ColumnTypes.IsSupported(column.Type) ? Type(column, plan) : "VARCHAR")}";

    private static string Cast(string value, FlussColumn column, UnionReadPlan plan) => $"{value}::{Type(column, plan)}";

    private static string Null(FlussColumn column, UnionReadPlan plan) => $"NULL::{Type(column, plan)}";

    private static string Type(FlussColumn column, UnionReadPlan plan) => ColumnTypes.Sql(column.Type, plan.Nanoseconds);
}
