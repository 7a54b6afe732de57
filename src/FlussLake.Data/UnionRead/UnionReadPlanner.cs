using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Captures what a read of a table sees. The order gives exactness: first the lake snapshot and its offsets, then the end of every bucket's log, so that each bucket's
/// log continues where the lake ends, and everything acknowledged before the capture is inside.
/// </summary>
internal sealed class UnionReadPlanner(Session session, FlussClient client, ILakePlanner lakePlanner)
{
    private const string LakeEnabled = "table.datalake.enabled";
    private const string LakeFormat = "table.datalake.format";
    private const string LogFormat = "table.log.format";
    private const string Paimon = "paimon";

    private readonly SessionSettings _settings = session.Settings;

    public async Task<UnionReadPlan> PlanAsync(TablePath path, CancellationToken cancellationToken)
    {
        TableInfo table = await client.GetTableInfoAsync(path, cancellationToken).ConfigureAwait(false);
        RefuseUnsupported(table);
        (LakeSnapshot? snapshot, string? reason) = await ReadableSnapshotAsync(table, cancellationToken).ConfigureAwait(false);
        LakeScan? lake = null;
        FlussLakeException? lakeProblem = null;
        if (snapshot is not null)
        {
            try
            {
                (snapshot, lake) = await PlanLakeAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
            }
            catch (FlussLakeException problem)
            {
                lakeProblem = problem;
            }
        }

        IReadOnlyList<LogRange> ranges = await LogRangesAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
        return new UnionReadPlan
        {
            Session = session,
            Client = client,
            Table = table,
            Nanoseconds = _settings.TimestampNanoseconds,
            LakeSnapshotId = snapshot?.SnapshotId,
            Lake = lake,
            LakeProblem = lakeProblem,
            LogRanges = ranges,
            Reason = reason,
        };
    }

    private static void RefuseUnsupported(TableInfo table)
    {
        if (table.Schema.PrimaryKey.Count > 0)
        {
            throw new FlussLakeException(Messages.PrimaryKeyTable(table.Path));
        }

        if (table.PartitionKeys.Count > 0)
        {
            throw new FlussLakeException(Messages.PartitionedTable(table.Path));
        }

        string format = table.Properties.GetValueOrDefault(LogFormat, "ARROW");
        if (!format.Equals("ARROW", StringComparison.OrdinalIgnoreCase))
        {
            throw new FlussLakeException(Messages.LogFormat(table.Path, format));
        }
    }

    private async Task<(LakeSnapshot? Snapshot, string? Reason)> ReadableSnapshotAsync(TableInfo table, CancellationToken cancellationToken)
    {
        if (!table.Properties.GetValueOrDefault(LakeEnabled, "false").Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return NoSnapshot($"the table has no lake ({LakeEnabled})");
        }

        LakeSnapshot? snapshot = await client.GetLakeSnapshotAsync(table.Path, LakeSnapshotSpec.Readable, cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            return NoSnapshot("nothing was tiered to the lake yet");
        }

        if (snapshot.TableId != table.TableId)
        {
            throw new FlussLakeException(Messages.TableChanged(table.Path));
        }

        return (snapshot, null);

        (LakeSnapshot?, string?) NoSnapshot(string reason) =>
            _settings.UnionRead == UnionReadMode.Required ? throw new FlussLakeException(Messages.NoReadableSnapshot(table.Path, reason)) : (null, reason);
    }

    /// <summary>
    /// Plans the lake at exactly the registered snapshot. A snapshot may be expired in the lake while it is planned: then a newer one is registered, and that one is planned
    /// instead, together with its own offsets.
    /// </summary>
    private async Task<(LakeSnapshot Snapshot, LakeScan Lake)> PlanLakeAsync(TableInfo table, LakeSnapshot snapshot, CancellationToken cancellationToken)
    {
        string format = table.Properties.GetValueOrDefault(LakeFormat, Paimon);
        if (!format.Equals(Paimon, StringComparison.OrdinalIgnoreCase))
        {
            throw new FlussLakeException(Messages.LakeFormat(table.Path, format));
        }

        string root = PaimonLocation.TableRoot(table, _settings.LakeWarehouse);
        try
        {
            return (snapshot, await lakePlanner.PlanAsync(root, snapshot.SnapshotId, cancellationToken).ConfigureAwait(false));
        }
        catch (LakeException problem) when (problem.Kind is LakeErrorKind.SnapshotNotFound or LakeErrorKind.FileNotFound)
        {
            (LakeSnapshot? now, _) = await ReadableSnapshotAsync(table, cancellationToken).ConfigureAwait(false);
            if (now is null || now.SnapshotId == snapshot.SnapshotId)
            {
                throw new FlussLakeException(Messages.Lake(table.Path, problem), problem);
            }

            snapshot = now;
        }
        catch (LakeException problem)
        {
            throw new FlussLakeException(Messages.Lake(table.Path, problem), problem);
        }

        try
        {
            return (snapshot, await lakePlanner.PlanAsync(root, snapshot.SnapshotId, cancellationToken).ConfigureAwait(false));
        }
        catch (LakeException problem)
        {
            throw new FlussLakeException(Messages.Lake(table.Path, problem), problem);
        }
    }

    private async Task<IReadOnlyList<LogRange>> LogRangesAsync(TableInfo table, LakeSnapshot? snapshot, CancellationToken cancellationToken)
    {
        int[] buckets = [.. Enumerable.Range(0, table.BucketCount)];
        int[] fromEarliest = [.. buckets.Where(bucket => Tiered(bucket) is null)];
        IReadOnlyDictionary<int, long>[] offsets = await Task.WhenAll(
            client.ListOffsetsAsync(table, null, buckets, OffsetSpec.Latest, cancellationToken),
            client.ListOffsetsAsync(table, null, fromEarliest, OffsetSpec.Earliest, cancellationToken)).ConfigureAwait(false);
        (IReadOnlyDictionary<int, long> ends, IReadOnlyDictionary<int, long> starts) = (offsets[0], offsets[1]);
        return
        [
            .. buckets.Select(bucket => new LogRange(new TableBucket(table.TableId, null, bucket), Tiered(bucket) ?? starts[bucket], ends[bucket]))
                .Where(range => range.Start < range.End),
        ];

        long? Tiered(int bucket) => snapshot is not null && snapshot.LogOffsets.TryGetValue(new TableBucket(table.TableId, null, bucket), out long offset) ? offset : null;
    }
}
