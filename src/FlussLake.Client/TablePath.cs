namespace FlussLake.Client;

/// <summary>The name of a Fluss table: its database and its own name, both exactly as Fluss spells them (case matters).</summary>
/// <param name="Database">The database.</param>
/// <param name="Table">The table's name inside the database.</param>
public readonly record struct TablePath(string Database, string Table)
{
    /// <summary>The path as <c>database.table</c>, for messages.</summary>
    /// <returns>The two names joined by a dot, unquoted.</returns>
    public override string ToString() => $"{Database}.{Table}";
}
