namespace FlussLake.Lake;

/// <summary>A column of a lake table.</summary>
/// <param name="Id">The field's id: it stays when the column is renamed or moved, and Parquet files carry it. -1 for what has none: the element of an array, the key and value of a map.</param>
/// <param name="Name">The name in this version of the schema.</param>
/// <param name="Type">The type's root as the lake writes it, without NOT NULL, for example <c>DECIMAL(12, 2)</c>, <c>TIMESTAMP(6) WITH LOCAL TIME ZONE</c> or <c>ARRAY</c>.</param>
/// <param name="IsNullable">Whether NULL is allowed.</param>
public sealed record LakeField(int Id, string Name, string Type, bool IsNullable)
{
    /// <summary>
    /// What a nested type is made of: the members of a ROW, the one <c>element</c> of an ARRAY or MULTISET, the <c>key</c> and <c>value</c> of a MAP;
    /// empty for other types. Records with children are compared by the list's reference.
    /// </summary>
    public IReadOnlyList<LakeField> Children { get; init; } = [];
}
