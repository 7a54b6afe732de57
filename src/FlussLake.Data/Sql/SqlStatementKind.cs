namespace FlussLake.Data.Sql;

/// <summary>What the first word of a statement says about it.</summary>
internal enum SqlStatementKind
{
    /// <summary>It returns rows and can stand in a subquery: SELECT, FROM, VALUES, and WITH where no word of a change follows.</summary>
    Query,

    /// <summary>It changes something and returns no rows: INSERT, CREATE, SET and the like.</summary>
    Change,

    /// <summary>Anything else, which may do both: CALL, PRAGMA, EXECUTE, EXPLAIN and the like.</summary>
    Other,
}
