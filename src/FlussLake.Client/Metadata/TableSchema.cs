namespace FlussLake.Client.Metadata;

/// <summary>One version of a table's schema.</summary>
/// <param name="SchemaId">The version: 1 for the first, one more at each change. Every log batch carries it.</param>
/// <param name="Columns">The columns in their order.</param>
/// <param name="PrimaryKey">The names of the primary-key columns in key order; empty for a log table.</param>
public sealed record TableSchema(int SchemaId, IReadOnlyList<FlussColumn> Columns, IReadOnlyList<string> PrimaryKey);
