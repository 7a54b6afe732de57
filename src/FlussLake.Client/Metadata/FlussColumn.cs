namespace FlussLake.Client.Metadata;

/// <summary>A column of a table.</summary>
/// <param name="Name">The column's name, exactly as Fluss spells it; two columns may differ only in case.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Id">The column's id: it stays when the schema evolves, and maps a batch of an old schema to the current one.</param>
public sealed record FlussColumn(string Name, FlussType Type, int Id)
{
    /// <summary>The column's comment, or null.</summary>
    public string? Comment { get; init; }
}
