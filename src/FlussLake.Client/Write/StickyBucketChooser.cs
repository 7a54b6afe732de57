using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write;

/// <summary>One bucket until its batch is complete, then any other one; buckets with a leader are preferred.</summary>
internal sealed class StickyBucketChooser(ClusterMetadata metadata) : BucketChooser
{
    private int _before = -1;

    public override int Choose(FlussRow row, PartitionAppender partition)
    {
        if (partition.LastBucket >= 0 && partition.Bucket(partition.LastBucket).Open is not null)
        {
            return partition.LastBucket;
        }

        int start = Random.Shared.Next(partition.BucketCount);
        int chosen = start;
        for (int i = 0; i < partition.BucketCount; i++)
        {
            int candidate = (start + i) % partition.BucketCount;
            if (candidate != _before && metadata.TryGetLeader(partition.Id(candidate), out _))
            {
                chosen = candidate;
                break;
            }
        }

        _before = chosen;
        return partition.LastBucket = chosen;
    }
}
