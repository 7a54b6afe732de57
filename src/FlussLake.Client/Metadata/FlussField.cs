namespace FlussLake.Client.Metadata;

/// <summary>A field of a ROW type.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Type">The field's type.</param>
/// <param name="Id">The field's id, from the same counter as the column ids; -1 where an old schema has none.</param>
public sealed record FlussField(string Name, FlussType Type, int Id);
