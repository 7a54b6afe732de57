namespace FlussLake.Data.Sql;

/// <summary>What a look at a command's text tells without a parser.</summary>
/// <param name="Text">The text with <c>@name</c> turned into <c>$name</c>.</param>
/// <param name="Statements">The statements in their order; empty for a text of blanks and comments.</param>
/// <param name="MustNotStream">Whether a statement may write and return rows: an early end of its stream would roll the write back.</param>
internal sealed record SqlText(string Text, IReadOnlyList<SqlStatement> Statements, bool MustNotStream)
{
    /// <summary>The first <c>@name</c> for which the command has no parameter, or null. DuckDB would take it for abs(name): a condition that holds for every row.</summary>
    public string? UnknownParameter { get; init; }

    /// <summary>Whether every statement only changes something and returns no rows.</summary>
    public bool OnlyChanges => !MustNotStream && Statements.All(static statement => statement.Kind == SqlStatementKind.Change);

    /// <summary>Whether DuckDB has done all of the command when it gives the result: one statement that may change something, whose rows are in memory by then.</summary>
    public bool IsDoneAtOnce => Statements.Count == 1 && (MustNotStream || Statements[0].Kind != SqlStatementKind.Query);

    /// <summary>Whether every statement only returns rows.</summary>
    public bool OnlyQueries => !MustNotStream && Statements.All(static statement => statement.Kind == SqlStatementKind.Query);
}
