using System.Globalization;
using System.Text;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sql;
using FlussLake.Data.UnionRead.Partitions;
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
        string[] names = DuckDbNames.Of(columns.Select(column => column.Name));
        StringBuilder sql = new("SELECT ");
        sql.AppendJoin(", ", columns.Select((column, position) => $"{Outer(plan, column, position, problems[position])} AS {SqlQuote.Identifier(names[position])}"));
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

        bool losesNanoseconds = plan.Nanoseconds == TimestampNanoseconds.Error && ColumnTypes.Any(type, part => part.Precision > ColumnTypes.MicrosecondPrecision
            && (part.Kind == FlussTypeKind.TimestampLtz || (part.Kind == FlussTypeKind.Timestamp && plan.HasLakeFiles)));
        return losesNanoseconds ? Messages.Nanoseconds(plan.Table.Path, column) : null;
    }

    private static IEnumerable<string> Arms(UnionReadPlan plan, string?[] problems)
    {
        for (int arm = 0; arm < plan.LakeArms.Count; arm++)
        {
            yield return LakeArm(plan, problems, plan.LakeArms[arm], arm);
        }

        for (int arm = 0; arm < plan.LogArms.Count; arm++)
        {
            yield return LogArm(plan, problems, plan.LogArms[arm], arm);
        }

        if (plan.LakeArms.Count + plan.LogArms.Count == 0)
        {
            yield return $"SELECT 0::TINYINT AS {RowMarker}{Columns(plan, problems, [], (column, _) => "NULL")} WHERE false";
        }
    }

    /// <summary>
    /// Files of one schema, read by the names that this schema gives the columns: a file that lacks one of them is an error of DuckDB's, never a column of NULLs.
    /// A column is found by its lake field id, so renames in the lake are followed; a column that the file's schema does not have yet is NULL.
    /// </summary>
    private static string LakeArm(UnionReadPlan plan, string?[] problems, LakeArm arm, int number)
    {
        if (arm.MissingFile is { } gone)
        {
            // Whoever reads these rows gets the error; statements that need none of them, by their partition keys, do not. No other column has a value that a condition could leave out.
            string error = $"error({SqlQuote.Literal(Messages.LakeFileGone(plan.Table.Path, gone))})";
            return $"SELECT 0::TINYINT AS {RowMarker}{Columns(plan, problems, arm.Constants, (_, _) => error)} FROM range(1) WHERE {error} IS NOT NULL";
        }

        Dictionary<string, LakeField> current = plan.Lake!.Schema.Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        IReadOnlyList<LakeField> stored = plan.Lake.FileSchemas[arm.SchemaId].Fields;
        string[] names = DuckDbNames.Of(stored.Select(field => field.Name));
        Dictionary<int, string> nameOf = stored.Select((field, position) => (field.Id, names[position])).ToDictionary();
        string columns = Columns(plan, problems, arm.Constants, (column, _) =>
            current.TryGetValue(column.Name, out LakeField? field) && nameOf.TryGetValue(field.Id, out string? name)
                ? LakeValue(column, SqlQuote.Identifier(name))
                : "NULL");
        string files = SqlQuote.Literal(ArmReference.Of(plan, number));
        return $"SELECT 0::TINYINT AS {RowMarker}{columns} FROM read_parquet(string_split(__flusslake_files({files}), chr({(int)PathSeparator})), "
            + $"{PathKeys(plan, arm)}, binary_as_string=false, explicit_cardinality={arm.RowCount.ToString(CultureInfo.InvariantCulture)})";
    }

    private static string PathKeys(UnionReadPlan plan, LakeArm arm)
    {
        IEnumerable<FlussColumn> keys = arm.PathKeys.Select(position => plan.Table.Schema.Columns[position]);
        return arm.PathKeys.Count == 0
            ? "hive_partitioning=false"
            : $"hive_partitioning=true, hive_types_autocast=false, hive_types={{{string.Join(", ", keys.Select(key => $"{SqlQuote.Identifier(key.Name)}: {Type(key, plan)}"))}}}";
    }

    private static string LogArm(UnionReadPlan plan, string?[] problems, LogArm arm, int number)
    {
        string columns = Columns(plan, problems, arm.Constants, (column, position) => LogValue(plan, column, Alias(position)));
        return $"SELECT {RowMarker}{columns} FROM __flusslake_log({SqlQuote.Literal(ArmReference.Of(plan, number))})";
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

    private static string Columns(UnionReadPlan plan, string?[] problems, IReadOnlyList<PartitionConstant> constants, Func<FlussColumn, int, string> value)
    {
        StringBuilder sql = new();
        for (int position = 0; position < plan.Table.Schema.Columns.Count; position++)
        {
            if (problems[position] is null)
            {
                FlussColumn column = plan.Table.Schema.Columns[position];
                sql.Append(", ").Append(Cast(Constant(constants, position) is { } one ? ConstantSql.Of(column.Type, one.Text, plan.Nanoseconds) : value(column, position), column, plan));
                sql.Append(" AS ").Append(Alias(position));
            }
        }

        return sql.ToString();
    }

    private static PartitionConstant? Constant(IReadOnlyList<PartitionConstant> constants, int position)
    {
        foreach (PartitionConstant constant in constants)
        {
            if (constant.Position == position)
            {
                return constant;
            }
        }

        return null;
    }

    private static string Outer(UnionReadPlan plan, FlussColumn column, int position, string? problem) => problem is null
        ? Alias(position)
        : $"error({SqlQuote.Literal(problem)})::{(ColumnTypes.IsSupported(column.Type) ? Type(column, plan) : "VARCHAR")}";

    private static string Cast(string value, FlussColumn column, UnionReadPlan plan) => $"{value}::{Type(column, plan)}";

    private static string Type(FlussColumn column, UnionReadPlan plan) => ColumnTypes.Sql(column.Type, plan.Nanoseconds);
}
