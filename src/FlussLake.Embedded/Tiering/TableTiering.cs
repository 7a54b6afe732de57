using System.Collections.Concurrent;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Lake;
using FlussLake.Embedded.Log;

namespace FlussLake.Embedded.Tiering;

/// <summary>
/// Rounds of tiering. A round first commits to the lake, together with the path of a file of offsets, and then registers the snapshot with these offsets. What a crash leaves
/// between the two is a snapshot that readers do not see yet; the next round registers it before it goes on, so that no row is written twice.
/// </summary>
internal sealed class TableTiering(TableCatalog catalog, BucketLogs logs, LakeSnapshots snapshots, string warehouse)
{
    /// <summary>The snapshot property with the path of the file of offsets, as Fluss's own tiering notes it.</summary>
    private const string OffsetsProperty = "fluss-offsets";
    private const int ReadBytes = 4 << 20;

    private readonly ConcurrentDictionary<long, Lock> _rounds = new();
    private readonly PaimonCatalog _lake = new(warehouse);

    public TieringResult Run(TablePath path, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        TableEntry table = catalog.Get(path);
        if (!table.IsLakeEnabled)
        {
            throw new FlussException($"Table {path} has no lake: set {TableProperties.LakeEnabled}=true.", FlussErrorCode.LakeStorageNotConfigured);
        }

        if (!table.IsArrowLog)
        {
            throw new FlussException($"Table {path} has another log format than ARROW ({TableProperties.LogFormat}), which this server does not tier.", FlussErrorCode.InvalidTable);
        }

        lock (_rounds.GetOrAdd(table.TableId, _ => new Lock()))
        {
            RegisterLost(table);
            (long SnapshotId, IReadOnlyDictionary<TableBucket, long> Offsets)? known = snapshots.Find(table.TableId, null, readable: false);
            Dictionary<TableBucket, long> ends = [];
            using PaimonTieringRound round = new(warehouse, catalog.Info(table));
            long rows = 0;
            foreach ((string? partition, TableBucket bucket) in Buckets(table))
            {
                if (logs.Find(bucket) is { } log)
                {
                    long start = known?.Offsets.GetValueOrDefault(bucket) ?? 0;
                    long end = upTo is null ? log.HighWatermark : Math.Min(upTo.GetValueOrDefault(bucket, start), log.HighWatermark);
                    if (end > start)
                    {
                        rows += Write(round, table, partition, log, start, end, cancellationToken);
                        ends.Add(bucket, end);
                    }
                }
            }

            return ends.Count == 0 ? new TieringResult(known?.SnapshotId, 0) : new TieringResult(Commit(round, table, ends), rows);
        }
    }

    private static IEnumerable<(string? Partition, TableBucket Bucket)> Buckets(TableEntry table) => table.IsPartitioned
        ? table.Partitions.SelectMany(partition => table.Buckets(partition.Value).Select(bucket => ((string?)partition.Key, bucket)))
        : table.Buckets(null).Select(bucket => ((string?)null, bucket));

    private static long Write(PaimonTieringRound round, TableEntry table, string? partition, BucketLog log, long start, long end, CancellationToken cancellationToken)
    {
        long rows = 0;
        for (long offset = start; offset < end;)
        {
            foreach (BatchEntry entry in log.Find(offset, ReadBytes, atLeastOne: true).TakeWhile(entry => entry.BaseOffset < end))
            {
                cancellationToken.ThrowIfCancellationRequested();
                byte[] batch = log.Read(entry);
                if (!LogBatchHeader.TryRead(batch, out LogBatchHeader header) || header.BaseOffset != entry.BaseOffset || table.FindSchema(header.SchemaId) is not { } schema)
                {
                    throw new FlussException($"The batch at offset {entry.BaseOffset} of {log.Bucket} of table {table.Path} is damaged.", FlussErrorCode.CorruptRecord);
                }

                int first = (int)Math.Max(0, offset - entry.BaseOffset);
                int count = (int)Math.Min(header.RecordCount, end - entry.BaseOffset) - first;
                round.Write(log.Bucket, partition, schema.Schema, header, batch, first, Math.Max(0, count));
                rows += Math.Max(0, count);
                offset = Math.Min(entry.NextOffset, end);
            }
        }

        return rows;
    }

    private long Commit(PaimonTieringRound round, TableEntry table, Dictionary<TableBucket, long> ends)
    {
        string offsets = snapshots.Prepare(table.Path, table.TableId, ends, ignorePrevious: false);
        long snapshot = round.Commit(new Dictionary<string, string> { [OffsetsProperty] = offsets })
            ?? throw new InvalidOperationException($"The round of table {table.Path} has ends of buckets and no rows.");
        snapshots.Commit(table.TableId, new LakeRegistration(snapshot, offsets, offsets), earliestToKeep: null);
        return snapshot;
    }

    /// <summary>Registers the snapshot of a round that ended between its commit and its registration.</summary>
    private void RegisterLost(TableEntry table)
    {
        if (_lake.LatestTieringSnapshot(table.Path) is not { } latest || latest.Id <= (snapshots.Find(table.TableId, null, readable: false)?.SnapshotId ?? 0))
        {
            return;
        }

        if (!latest.Properties.TryGetValue(OffsetsProperty, out string? offsets) || snapshots.Offsets(offsets).Keys.Any(bucket => bucket.TableId != table.TableId))
        {
            throw new FlussException(
                $"Snapshot {latest.Id} of the lake of table {table.Path} was committed by a tiering of another table, or does not say up to which offsets ({OffsetsProperty}). "
                    + "Tiering on could write rows twice: roll the lake table back to the snapshot before it.",
                FlussErrorCode.StorageFailure);
        }

        snapshots.Commit(table.TableId, new LakeRegistration(latest.Id, offsets, offsets), earliestToKeep: null);
    }
}
