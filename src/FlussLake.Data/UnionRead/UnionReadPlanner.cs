using FlussLake.Client;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Captures what a read of a table sees. The order gives exactness: first the lake snapshot and its offsets, then the partitions that there are, then the end of every bucket's log, last
/// the start of those logs that the snapshot has no offset of. So each bucket's log continues where the lake ends, everything acknowledged before the capture is inside, and a partition
/// that is created meanwhile is inside or not as a whole. What the lake takes over meanwhile still lies in the log; where it does not, because its partition was dropped or its log cut
/// off, a newer snapshot shows it, and everything is captured anew.
/// </summary>
internal sealed class UnionReadPlanner(Session session, FlussClient client, ILakePlanner lakePlanner, bool checkFiles = false)
{
    private const string Paimon = "paimon";

    // Each takes some milliseconds, rounds of tiering come some seconds apart.
    private const int MostCaptures = 5;

    private readonly SessionSettings _settings = session.Settings;

    public async Task<UnionReadPlan> PlanAsync(TablePath path, CancellationToken cancellationToken)
    {
        TableInfo table = await TableAsync(path, cancellationToken).ConfigureAwait(false);
        RefuseUnsupported(table);
        LogCapture capture = new(client, table, HasLake(table));
        for (int attempt = 0; attempt < MostCaptures; attempt++)
        {
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

            if (await capture.TakeAsync(snapshot, cancellationToken).ConfigureAwait(false) is { } log)
            {
                return Plan(table, snapshot, lake, log) with { LakeProblem = lakeProblem, Reason = reason };
            }
        }

        throw new FlussLakeException(Messages.PlanningOvertaken(path), null, isTransient: true, sqlState: null);
    }

    private static bool HasLake(TableInfo table) => table.Properties.GetValueOrDefault(PropertyKeys.LakeEnabled, "false").Equals("true", StringComparison.OrdinalIgnoreCase);

    private UnionReadPlan Plan(TableInfo table, LakeSnapshot? snapshot, LakeScan? lake, CapturedLog log)
    {
        IReadOnlyList<LakeArm> lakeArms = lake is null ? [] : LakeArms.Divide(table, lake, checkFiles);
        IReadOnlyList<LogArm> logArms = LogArms.Divide(table, log.Ranges, log.Partitions);
        return new UnionReadPlan
        {
            Session = session,
            Client = client,
            Table = table,
            Nanoseconds = _settings.TimestampNanoseconds,
            LakeSnapshotId = snapshot?.SnapshotId,
            Lake = lake,
            LakeArms = lakeArms,
            LogArms = logArms,
            Partitions = log.Partitions,
            Counts = new ReadCounts(table.Path)
            {
                LakeFilesPlanned = lake?.Files.Count ?? 0,
                LakeArmsPlanned = lakeArms.Count,
                LogBucketsPlanned = log.Ranges.Count,
                LogArmsPlanned = logArms.Count,
            },
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

        if (LogFormats.Of(table) is null)
        {
            throw new FlussLakeException(Messages.LogFormat(table.Path, table.Properties[PropertyKeys.LogFormat]));
        }
    }

    private async Task<(LakeSnapshot? Snapshot, string? Reason)> ReadableSnapshotAsync(TableInfo table, CancellationToken cancellationToken)
    {
        if (!HasLake(table))
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
}
