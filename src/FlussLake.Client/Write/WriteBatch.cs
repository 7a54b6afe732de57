using FlussLake.Client.Buffers;

namespace FlussLake.Client.Write;

/// <summary>A batch whose bytes are final: every send of it sends the same.</summary>
internal sealed class WriteBatch(BucketAppender bucket, long index, long number, PooledFrame bytes, int rowCount, long deliverBy)
{
    public BucketAppender Bucket { get; } = bucket;

    /// <summary>The batch's place among the batches of its bucket, from 0; its sequence is the lower 31 bits.</summary>
    public long Index { get; } = index;

    /// <summary>The batch's place among all batches of the writer.</summary>
    public long Number { get; } = number;

    public PooledFrame Bytes { get; } = bytes;

    public int RowCount { get; } = rowCount;

    /// <summary>When the writer gives up, as a time stamp of the dedicated time provider.</summary>
    public long DeliverBy { get; } = deliverBy;

    /// <summary>Whether the batch was sent and not answered yet.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether an earlier send may have reached the log, though its answer did not say so.</summary>
    public bool IsInDoubt { get; set; }

    public static int Sequence(long index) => (int)(index & int.MaxValue);
}
