namespace FlussLake.Embedded;

/// <summary>What one round of tiering did.</summary>
/// <param name="SnapshotId">The newest lake snapshot that Fluss knows of now; null where the table has none, since there was nothing to tier.</param>
/// <param name="Rows">The rows that this round moved.</param>
public sealed record TieringResult(long? SnapshotId, long Rows);
