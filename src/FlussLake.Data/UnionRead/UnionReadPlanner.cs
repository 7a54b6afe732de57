using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Captures what a read of a table sees. The order gives exactness: first the start of every bucket's log, then the lake snapshot and its offsets, last the end of every
/// bucket's log. So each bucket's log continues where the lake ends, everything acknowledged before the capture is inside, and where a bucket is tiered and its log cut off
/// between the first step and the second, its captured start is refused by the server instead of being passed over.
/// </summary>
internal sealed class UnionReadPlanner(Session session, FlussClient client, ILakePlanner lakePlanner)
{
    private const string Paimon = "paimon";

    private readonly SessionSettings _settings = session.Settings;

    public async Task<UnionReadPlan> PlanAsync(TablePath path, CancellationToken cancellationToken)
    {
        TableInfo table = await TableAsync(path, cancellationToken).ConfigureAwait(false);
        RefuseUnsupported(table);
        int[] buckets = [.. Enumerable.Range(0, table.BucketCount)];
        IReadOnlyDictionary<int, long> starts = await client.ListOffsetsAsync(table, null, buckets, OffsetSpec.Earliest, cancellationToken).ConfigureAwait(false);
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

        IReadOnlyDictionary<int, long> ends = await client.ListEndOffsetsAsync(table, null, buckets, cancellationToken).ConfigureAwait(false);
        return new UnionReadPlan
        {
            Session = session,
            Client = client,
            Table = table,
            Nanoseconds = _settings.TimestampNanoseconds,
            LakeSnapshotId = snapshot?.SnapshotId,
            Lake = lake,
            LakeProblem = lakeProblem,
            LogRanges = LogRanges(table, snapshot, starts, ends),
            Reason = reason,
        };
    }

    private async Task<TableInfo> TableAsync(TablePath path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetTableInfoAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FlussException missing) when (missing.Code is FlussErrorCode.TableNotExist or FlussErrorCode.DatabaseNotExist)
        {
            bool hasDatabase = await client.DatabaseExistsAsync(path.Database, cancellationToken).ConfigureAwait(false);
            throw FlussLakeException.From(missing, hasDatabase ? Messages.NoSuchTable(path) : Messages.NoSuchDatabase(path));
        }
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

        if (LogFormats.Of(table) is null)
        {
            throw new FlussLakeException(Messages.LogFormat(table.Path, table.Properties[PropertyKeys.LogFormat]));
        }
    }

    private async Task<(LakeSnapshot? Snapshot, string? Reason)> ReadableSnapshotAsync(TableInfo table, CancellationToken cancellationToken)
    {
        if (!table.Properties.GetValueOrDefault(PropertyKeys.LakeEnabled, "false").Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return NoSnapshot($"the table has no lake ({PropertyKeys.LakeEnabled})");
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
        string format = table.Properties.GetValueOrDefault(PropertyKeys.LakeFormat, Paimon);
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

    private static IReadOnlyList<LogRange> LogRanges(
        TableInfo table, LakeSnapshot? snapshot, IReadOnlyDictionary<int, long> starts, IReadOnlyDictionary<int, long> ends) =>
    [
        .. ends.Keys.Order().Select(number =>
        {
            TableBucket bucket = new(table.TableId, null, number);
            return new LogRange(bucket, snapshot is not null && snapshot.LogOffsets.TryGetValue(bucket, out long tiered) ? tiered : starts[number], ends[number]);
        }).Where(range => range.Start < range.End),
    ];
}
