using System.Collections.Concurrent;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
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

    // By path, which is what the lake table goes by: a table that is made anew has the folder of the old one.
    private readonly ConcurrentDictionary<TablePath, SemaphoreSlim> _turns = new();
    private readonly PaimonCatalog _lake = new(warehouse);

    public TieringResult Run(TablePath path, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        RequireTierable(catalog.Get(path));
        SemaphoreSlim turn = _turns.GetOrAdd(path, _ => new SemaphoreSlim(1, 1));
        turn.Wait(cancellationToken);
        try
        {
            return RunAlone(path, upTo, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private TieringResult RunAlone(TablePath path, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        TableEntry table = catalog.Get(path);
        RequireTierable(table);
        RegisterLost(table);
        (long SnapshotId, IReadOnlyDictionary<TableBucket, long> Offsets)? known = snapshots.Find(table.TableId, null, readable: false);
        if (known is { SnapshotId: long registered } && _lake.LatestSnapshot(path) is var newest && (newest ?? 0) < registered)
        {
            throw TieringErrors.TakenBack(path, registered, newest);
        }

        List<TieredRange> ranges = Ranges(table, known?.Offsets, upTo);
        if (ranges.Count == 0)
        {
            return new TieringResult(known?.SnapshotId, 0);
        }

        // Columns may have been added while the ends were taken. Whatever schema a batch before them has, the table has it by now.
        table = catalog.FindById(table.TableId) ?? throw TableErrors.NoTable(path);
        using PaimonTieringRound round = new(warehouse, catalog.Info(table));
        long rows = 0;
        foreach (TieredRange range in ranges)
        {
            rows += Write(round, table, range, cancellationToken);
        }

        // Without rows, nothing but empty batches was found, which the next round passes over as well.
        return rows == 0 ? new TieringResult(known?.SnapshotId, 0) : new TieringResult(Commit(round, table, ranges), rows);
    }

    private static void RequireTierable(TableEntry table)
    {
        if (!table.IsLakeEnabled)
        {
            throw new FlussException($"Table {table.Path} has no lake: set {PropertyKeys.LakeEnabled}=true.", FlussErrorCode.LakeStorageNotConfigured);
        }
    }

    /// <summary>What each bucket's log holds beyond the lake, as far as the round goes.</summary>
    private List<TieredRange> Ranges(TableEntry table, IReadOnlyDictionary<TableBucket, long>? tiered, IReadOnlyDictionary<TableBucket, long>? upTo)
    {
        List<(string? Partition, TableBucket Bucket)> buckets = [.. Buckets(table)];
        Dictionary<TableBucket, long>? ends = upTo?.ToDictionary(end => end.Key, end => end.Value);
        RequireKnown(table, [.. buckets.Select(bucket => bucket.Bucket)], ends);
        List<TieredRange> ranges = [];
        foreach ((string? partition, TableBucket bucket) in buckets)
        {
            if (logs.Find(bucket) is not { } log)
            {
                continue;
            }

            long start = tiered?.GetValueOrDefault(bucket) ?? 0;
            long logEnd = log.HighWatermark;
            if (start > logEnd)
            {
                throw TieringErrors.AheadOfLog(table.Path, partition, bucket, start, logEnd);
            }

            long end = ends is null ? logEnd : Math.Min(ends.GetValueOrDefault(bucket, start), logEnd);
            if (end > start)
            {
                ranges.Add(new TieredRange(partition, log, start, end));
            }
        }

        return ranges;
    }

    private static void RequireKnown(TableEntry table, HashSet<TableBucket> buckets, Dictionary<TableBucket, long>? ends)
    {
        foreach ((TableBucket bucket, long end) in ends ?? [])
        {
            if (!buckets.Contains(bucket))
            {
                throw TieringErrors.NoBucket(table.Path, table.TableId, bucket);
            }

            if (end < 0)
            {
                throw TieringErrors.NegativeEnd(table.Path, bucket, end);
            }
        }
    }

    private static IEnumerable<(string? Partition, TableBucket Bucket)> Buckets(TableEntry table) => table.IsPartitioned
        ? table.Partitions.SelectMany(partition => table.Buckets(partition.Value).Select(bucket => ((string?)partition.Key, bucket)))
        : table.Buckets(null).Select(bucket => ((string?)null, bucket));

    private static long Write(PaimonTieringRound round, TableEntry table, TieredRange range, CancellationToken cancellationToken)
    {
        (string? partition, BucketLog log, long start, long end) = range;
        long rows = 0;
        for (long offset = start; offset < end;)
        {
            foreach (BatchEntry entry in log.Find(offset, ReadBytes, atLeastOne: true).TakeWhile(entry => entry.BaseOffset < end))
            {
                cancellationToken.ThrowIfCancellationRequested();
                byte[] batch = log.Read(entry);
                if (!LogBatchHeader.TryRead(batch, out LogBatchHeader header) || header.BaseOffset != entry.BaseOffset || table.FindSchema(header.SchemaId) is not { } schema)
                {
                    throw TieringErrors.Damaged(table.Path, partition, log.Bucket, entry.BaseOffset);
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

    private long Commit(PaimonTieringRound round, TableEntry table, List<TieredRange> ranges)
    {
        string offsets = snapshots.Prepare(table.Path, table.TableId, ranges.ToDictionary(range => range.Log.Bucket, range => range.End), ignorePrevious: false);
        long snapshot = round.Commit(new Dictionary<string, string> { [OffsetsProperty] = offsets })
            ?? throw new InvalidOperationException($"The round of table {table.Path} counted rows and has none.");
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
            throw TieringErrors.NotOurs(table.Path, latest.Id, OffsetsProperty);
        }

        snapshots.Commit(table.TableId, new LakeRegistration(latest.Id, offsets, offsets), earliestToKeep: null);
    }
}
