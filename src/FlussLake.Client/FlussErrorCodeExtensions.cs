namespace FlussLake.Client;

/// <summary>What the codes mean for a caller.</summary>
public static class FlussErrorCodeExtensions
{
    /// <summary>Whether the protocol says that the same request may succeed later.</summary>
    /// <param name="code">A code.</param>
    /// <returns>True for the codes that Fluss marks as retriable.</returns>
    public static bool IsRetriable(this FlussErrorCode code) => code is FlussErrorCode.NetworkFailure or FlussErrorCode.CorruptMessage or FlussErrorCode.SchemaNotExist
        or FlussErrorCode.LogStorageFailure or FlussErrorCode.KvStorageFailure or FlussErrorCode.NotLeaderOrFollower or FlussErrorCode.CorruptRecord
        or FlussErrorCode.UnknownTableOrBucket or FlussErrorCode.RequestTimeout or FlussErrorCode.StorageFailure or FlussErrorCode.NotEnoughReplicasAfterAppend
        or FlussErrorCode.NotEnoughReplicas or FlussErrorCode.LeaderNotAvailable or FlussErrorCode.RetriableAuthentication or FlussErrorCode.NotCoordinatorLeader
        or FlussErrorCode.DiskWriteLocked or FlussErrorCode.StorageBackpressure or FlussErrorCode.HistoricalPartitionThrottled;

    /// <summary>Whether the code means that the client's metadata is stale: refresh it, then ask again.</summary>
    /// <param name="code">A code.</param>
    /// <returns>True for the codes that Fluss treats as stale metadata.</returns>
    public static bool IsStaleMetadata(this FlussErrorCode code) => code is FlussErrorCode.NetworkFailure or FlussErrorCode.NotLeaderOrFollower
        or FlussErrorCode.UnknownTableOrBucket or FlussErrorCode.LeaderNotAvailable or FlussErrorCode.NotCoordinatorLeader;
}
