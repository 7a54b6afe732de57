using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>Says which partition it was that a scan found to be gone.</summary>
internal static class DroppedPartition
{
    /// <summary>The error of a statement whose plan names a partition that was dropped meanwhile.</summary>
    public static FlussLakeException Of(UnionReadPlan plan, LogArm arm, FlussException cause, CancellationToken cancellationToken)
    {
        long[] ids = [.. arm.Ranges.Select(range => range.Bucket.PartitionId).OfType<long>().Distinct()];
        if (ids.Length > 1)
        {
            try
            {
                IReadOnlyList<PartitionInfo> now = plan.Client.ListPartitionsAsync(plan.Table.Path, cancellationToken).GetAwaiter().GetResult();
                long[] gone = [.. ids.Except(now.Select(partition => partition.PartitionId))];
                ids = gone.Length > 0 ? gone : ids;
            }
            catch (FlussException)
            {
                // What is known is told.
            }
        }

        return FlussLakeException.PartitionGone(Messages.PartitionGone(plan.Table.Path, [.. ids.Select(id => plan.Partitions[id].Name)]), cause);
    }
}
