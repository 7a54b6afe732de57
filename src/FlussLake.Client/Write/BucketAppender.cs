namespace FlussLake.Client.Write;

/// <summary>One bucket that rows are appended to: its open batch, and the batches that are not acknowledged, in their order. Guarded by the gate of its pipeline.</summary>
internal sealed class BucketAppender(PartitionAppender partition, TableBucket bucket)
{
    public PartitionAppender Partition { get; } = partition;

    public TableBucket Bucket { get; } = bucket;

    /// <summary>The batch that takes rows, or null.</summary>
    public LogBatchEncoder? Open { get; set; }

    public long OpenBytes { get; set; }

    /// <summary>When the open batch got its first row.</summary>
    public long OpenedAt { get; set; }

    /// <summary>The complete batches that are not acknowledged, by index.</summary>
    public List<WriteBatch> Batches { get; } = [];

    public int UnderWay { get; set; }

    public long NextIndex { get; set; }

    /// <summary>The highest index that is acknowledged. Lower ones are in the log too: the server takes a bucket's batches in order.</summary>
    public long AcknowledgedThrough { get; set; } = -1;

    /// <summary>
    /// Whether nothing is sent for the moment: after a failure all answers under way are awaited, then everything that is left is sent again, the earliest batch first.
    /// </summary>
    public bool IsHeld { get; set; }

    public ITimer? Pause { get; set; }

    public bool IsFindingLeader { get; set; }

    /// <summary>Whether the bucket is lined up to be looked at by the next pump.</summary>
    public bool IsReady { get; set; }

    /// <summary>The failures since the last acknowledgement.</summary>
    public int Failures { get; set; }

    /// <summary>The last of them.</summary>
    public FlussException? LastFailure { get; set; }

    /// <summary>The next batch that may be sent, or null.</summary>
    public WriteBatch? Next(int maxUnderWay)
    {
        // After a failure the earliest batch goes alone: while it fails, the server refuses those behind it.
        if (IsHeld || IsFindingLeader || UnderWay >= (Failures > 0 ? 1 : maxUnderWay))
        {
            return null;
        }

        foreach (WriteBatch batch in Batches)
        {
            if (!batch.IsUnderWay)
            {
                return batch;
            }
        }

        return null;
    }
}
