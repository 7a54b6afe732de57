namespace FlussLake.Client.Protocol;

/// <summary>What a FetchLog response says of one bucket. Ranges are positions in the span that was read.</summary>
internal readonly record struct FetchLogBucketAnswer
{
    /// <summary>The bucket's error, or 0: an absent code is success.</summary>
    public int ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>The high watermark, or null where the server sent none.</summary>
    public long? HighWatermark { get; init; }

    /// <summary>Where the log batches lie; empty where there are none.</summary>
    public Range Records { get; init; }

    /// <summary>Segments in remote storage that hold the offset asked for, or null.</summary>
    public PbRemoteLogFetchInfo? RemoteLog { get; init; }
}
