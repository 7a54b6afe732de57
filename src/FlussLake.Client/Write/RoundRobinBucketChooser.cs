namespace FlussLake.Client.Write;

/// <summary>The buckets of a partition take turns, beginning with any.</summary>
internal sealed class RoundRobinBucketChooser : BucketChooser
{
    public override int Choose(FlussRow row, PartitionAppender partition)
    {
        int last = partition.LastBucket < 0 ? Random.Shared.Next(partition.BucketCount) : partition.LastBucket;
        return partition.LastBucket = (last + 1) % partition.BucketCount;
    }
}
