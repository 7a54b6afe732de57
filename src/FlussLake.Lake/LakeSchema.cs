namespace FlussLake.Lake;

/// <summary>One version of a lake table's schema.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="Fields">The columns in order.</param>
/// <param name="PartitionKeys">The partition columns in order.</param>
/// <param name="PrimaryKeys">The primary-key columns in order; empty for an append table.</param>
public sealed record LakeSchema(long Id, IReadOnlyList<LakeField> Fields, IReadOnlyList<string> PartitionKeys, IReadOnlyList<string> PrimaryKeys);
