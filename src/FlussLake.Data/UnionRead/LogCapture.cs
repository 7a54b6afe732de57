using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Captures the log half that belongs to a lake snapshot: the partitions that there are, the end of every bucket, and the start of those buckets that the snapshot has no offset of.
/// </summary>
internal sealed class LogCapture(FlussClient client, TableInfo table, bool hasLake)
{
    private const int MostListings = 5;

    private readonly int[] _buckets = [.. Enumerable.Range(0, table.BucketCount)];

    /// <summary>
    /// Captures the log half that goes with <paramref name="snapshot"/>; null where the lake has moved on meanwhile in a way that leaves a gap: then everything is to be captured anew,
    /// with the newer snapshot.
    /// </summary>
    public async Task<CapturedLog?> TakeAsync(LakeSnapshot? snapshot, CancellationToken cancellationToken)
    {
        for (int listing = 1; ; listing++)
        {
            Dictionary<long, PartitionInfo> partitions = await PartitionsAsync(cancellationToken).ConfigureAwait(false);
            TableBucket[] buckets = [.. Buckets(partitions)];
            IReadOnlyDictionary<TableBucket, long> ends;
            IReadOnlyDictionary<TableBucket, long> starts;
            try
            {
                ends = await client.ListEndOffsetsAsync(table, buckets, cancellationToken).ConfigureAwait(false);
                TableBucket[] neverTiered = [.. buckets.Where(bucket => ends[bucket] > 0 && snapshot?.LogOffsets.ContainsKey(bucket) is not true)];
                starts = await client.ListOffsetsAsync(table, neverTiered, OffsetSpec.Earliest, cancellationToken).ConfigureAwait(false);
            }
            catch (FlussException gone) when (gone.Code == FlussErrorCode.PartitionNotExists && table.PartitionKeys.Count > 0 && listing < MostListings)
            {
                // A partition that was dropped since it was listed is not listed any more.
                continue;
            }

            return await LeavesGapAsync(snapshot, partitions, starts, cancellationToken).ConfigureAwait(false)
                ? null
                : new CapturedLog([.. Ranges(buckets, snapshot, starts, ends)], partitions);
        }
    }

    private static IEnumerable<LogRange> Ranges(
        TableBucket[] buckets, LakeSnapshot? snapshot, IReadOnlyDictionary<TableBucket, long> starts, IReadOnlyDictionary<TableBucket, long> ends) => buckets
        .Select(bucket => new LogRange(bucket, snapshot is not null && snapshot.LogOffsets.TryGetValue(bucket, out long tiered) ? tiered : starts.GetValueOrDefault(bucket), ends[bucket]))
        .Where(range => range.Start < range.End);

    private IEnumerable<TableBucket> Buckets(Dictionary<long, PartitionInfo> partitions) => table.PartitionKeys.Count == 0
        ? _buckets.Select(bucket => new TableBucket(table.TableId, null, bucket))
        : partitions.Keys.Order().SelectMany(partition => _buckets.Select(bucket => new TableBucket(table.TableId, partition, bucket)));

    private async Task<Dictionary<long, PartitionInfo>> PartitionsAsync(CancellationToken cancellationToken)
    {
        if (table.PartitionKeys.Count == 0)
        {
            return [];
        }

        IReadOnlyList<PartitionInfo> listed = await client.ListPartitionsAsync(table.Path, cancellationToken).ConfigureAwait(false);
        client.KeepPartitions(table.TableId, listed.Select(partition => partition.PartitionId).ToHashSet());
        return listed.ToDictionary(partition => partition.PartitionId);
    }

    /// <summary>
    /// Whether rows may be neither in the snapshot nor in a log that is read: they were tiered after the snapshot was asked for, and then their partition was dropped, or the log was cut
    /// off, which shows where a log without an offset does not start at its first record. Without a newer snapshot, what is missing was dropped or has expired.
    /// </summary>
    private async Task<bool> LeavesGapAsync(
        LakeSnapshot? snapshot, Dictionary<long, PartitionInfo> partitions, IReadOnlyDictionary<TableBucket, long> starts, CancellationToken cancellationToken)
    {
        bool isCut = starts.Values.Any(start => start > 0);
        if (!hasLake || (!isCut && table.PartitionKeys.Count == 0))
        {
            return false;
        }

        LakeSnapshot? now = await client.GetLakeSnapshotAsync(table.Path, LakeSnapshotSpec.Readable, cancellationToken).ConfigureAwait(false);
        return now?.SnapshotId != snapshot?.SnapshotId && (isCut || now?.LogOffsets.Any(IsTieredAndDropped) is true);

        bool IsTieredAndDropped(KeyValuePair<TableBucket, long> bucket) =>
            bucket.Key.PartitionId is { } partition && !partitions.ContainsKey(partition) && bucket.Value > (snapshot?.LogOffsets.GetValueOrDefault(bucket.Key) ?? 0);
    }
}
