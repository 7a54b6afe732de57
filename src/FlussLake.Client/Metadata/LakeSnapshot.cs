namespace FlussLake.Client.Metadata;

/// <summary>A lake snapshot that is registered with Fluss, and how far it holds each bucket's log.</summary>
/// <param name="TableId">The id of the table it belongs to.</param>
/// <param name="SnapshotId">The snapshot's id in the lake.</param>
/// <param name="LogOffsets">
/// For each bucket the exclusive end of the log that the snapshot holds: reading continues at this offset. A bucket that is absent was never tiered.
/// </param>
public sealed record LakeSnapshot(long TableId, long SnapshotId, IReadOnlyDictionary<TableBucket, long> LogOffsets);
