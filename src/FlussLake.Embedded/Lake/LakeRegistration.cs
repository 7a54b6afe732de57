namespace FlussLake.Embedded.Lake;

/// <summary>A lake snapshot that is known to the server.</summary>
/// <param name="SnapshotId">Its id in the lake.</param>
/// <param name="TieredFile">The file with the offsets up to which the lake holds the log.</param>
/// <param name="ReadableFile">The file with the offsets up to which readers of the lake see it, or null where that is not known.</param>
internal sealed record LakeRegistration(long SnapshotId, string TieredFile, string? ReadableFile);
