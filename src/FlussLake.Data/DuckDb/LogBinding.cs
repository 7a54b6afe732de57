using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.DuckDb;

/// <summary>An arm of a plan's log half as DuckDB has bound it: which of the table's columns the function offers, after the row marker, which is its column 0.</summary>
internal sealed class LogBinding(UnionReadPlan plan, LogArm arm, LogFunctionInstance instance)
{
    public UnionReadPlan Plan { get; } = plan;

    public LogArm Arm { get; } = arm;

    public LogFunctionInstance Instance { get; } = instance;

    /// <summary>For each offered column, in order, its position in the table's schema.</summary>
    public IReadOnlyList<int> Positions { get; } =
        [.. Enumerable.Range(0, plan.Table.Schema.Columns.Count).Where(position => UnionReadSql.Problem(plan, plan.Table.Schema.Columns[position]) is null)];

    /// <summary>The type of a column's values as they come out of the log.</summary>
    public FlussType Type(int position) => StoredTypes.Of(Plan.LogFormat, Plan.Table.Schema.Columns[position].Type);
}
