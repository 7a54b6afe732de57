namespace FlussLake.Data.Sql;

/// <summary>One statement of a text.</summary>
/// <param name="Kind">What its first word says about it.</param>
/// <param name="Start">Where its first word starts in <see cref="SqlText.Text"/>.</param>
/// <param name="End">Where its semicolon or the text's end is.</param>
internal readonly record struct SqlStatement(SqlStatementKind Kind, int Start, int End);
