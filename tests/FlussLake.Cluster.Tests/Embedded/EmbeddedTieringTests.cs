using System.Data.Common;
using Dapper;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;
using FlussLake.Cluster.Tests.Tiering;
using FlussLake.Embedded;

namespace FlussLake.Cluster.Tests.Embedded;

/// <summary>The embedded server's tiering beside the real one: what Paimon reads, what the provider reads, and how the two go on with each other's lakes.</summary>
public sealed class EmbeddedTieringTests(MainCluster main) : ClusterTest(main)
{
    private static readonly Dictionary<string, string> s_keepSnapshots = new() { ["paimon.snapshot.num-retained.min"] = "100", ["paimon.snapshot.num-retained.max"] = "100" };

    [Theory]
    [InlineData(true, "ARROW")]
    [InlineData(false, "ARROW")]
    [InlineData(true, "INDEXED")]
    [InlineData(false, "COMPACTED")]
    public async Task Paimon_reads_the_same_rows_as_from_the_lake_that_the_real_tiering_wrote(bool bucketKey, string logFormat)
    {
        LabTable table = LabTable.Unique("both") with
        {
            Columns = AllTypes.Printable.Columns,
            Buckets = bucketKey ? 3 : 1,
            BucketKey = bucketKey ? ["id"] : [],
            Properties = new Dictionary<string, string> { ["table.log.format"] = logFormat },
        };
        using EmbeddedKit kit = new();
        foreach (Lab lab in (Lab[])[Lab, kit.Lab])
        {
            lab.CreateDatabase(table.Database);
            lab.CreateTable(table);
            lab.Append(table, AllTypes.Printable.Rows(0));
            lab.Append(table, AllTypes.Printable.Rows(6));
        }

        Lab.Tier(table);
        TieringResult round = await TierAsync(kit, table);

        Assert.Equal(12, round.Rows);
        RowSet.AssertEqual(PaimonRows(Lab, table), PaimonRows(kit.Lab, table));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lake_that_the_real_tiering_wrote_is_tiered_on_and_the_other_way_round(bool bucketKey)
    {
        LabTable table = LabTable.Unique("turns") with { Buckets = 3, BucketKey = bucketKey ? ["id"] : [], CustomProperties = s_keepSnapshots };
        using EmbeddedKit kit = new();
        kit.Lab.CreateDatabase(table.Database);
        kit.Lab.CreateTable(table);
        using DbConnection connection = OpenAt($"Bootstrap Servers={kit.Fluss.BootstrapServers};Database={table.Database};Connection Idle Lifetime=0");
        for (int round = 0; round < 6; round++)
        {
            kit.Lab.Generate(table, 50, from: round * 50L, nullPercent: 20, flushEvery: 17);
            if (round == 4 && bucketKey)
            {
                // Behind the back of both. Paimon compacts tables without a bucket key in other ways than this one.
                kit.Lab.Compact(table);
            }

            long? snapshot = round % 2 == 0 ? kit.Lab.Tier(table) : (await TierAsync(kit, table)).SnapshotId;
            Assert.Equal(kit.Lab.LakeSnapshot(table).Snapshot, snapshot);
            AssertHalves(kit, connection, table, (round + 1) * 50L, 0);
        }

        kit.Lab.Generate(table, 30, from: 300, nullPercent: 20);
        AssertHalves(kit, connection, table, 300, 30);
        Assert.Equal(300, kit.Lab.DumpLake(new TablePath(table.Database, table.Name)).Count);
    }

    [Fact]
    public async Task Partitions_are_tiered_as_the_real_tiering_does_it()
    {
        LabTable table = LabTable.Unique("parted") with { Columns = [new("id", "BIGINT NOT NULL"), new("region", "STRING"), new("day", "DATE"), new("note", "STRING")], PartitionedBy = ["region", "day"] };
        object?[][] rows = [.. Enumerable.Range(0, 60).Select(i => (object?[])[i, i % 2 == 0 ? "eu" : "us", $"2026-01-0{1 + (i % 3)}", i % 5 == 0 ? null : $"n{i}"])];
        using EmbeddedKit kit = new();
        foreach (Lab lab in (Lab[])[Lab, kit.Lab])
        {
            lab.CreateDatabase(table.Database);
            lab.CreateTable(table);
            lab.Append(table, rows[..30]);
        }

        Lab.Tier(table);
        await TierAsync(kit, table);
        foreach (Lab lab in (Lab[])[Lab, kit.Lab])
        {
            lab.Append(table, rows[30..]);
        }

        Lab.Tier(table);
        await TierAsync(kit, table);

        RowSet.AssertEqual(PaimonRows(Lab, table), PaimonRows(kit.Lab, table));
        Assert.Equal(Folders(Path.Combine(Cluster.Warehouse, table.Database + ".db", table.Name)), Folders(Path.Combine(kit.Fluss.LakeWarehouse, table.Database + ".db", table.Name)));
    }

    private static Task<TieringResult> TierAsync(EmbeddedKit kit, LabTable table) =>
        kit.Fluss.TierAsync(new TablePath(table.Database, table.Name), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The rows as Paimon reads them, without the last column: the time of the commit differs.</summary>
    private static IEnumerable<string> PaimonRows(Lab lab, LabTable table) =>
        LakeRows.OfPaimon(lab, new TablePath(table.Database, table.Name)).Select(row => row[..row.LastIndexOf(',')]);

    private static void AssertHalves(EmbeddedKit kit, DbConnection connection, LabTable table, long lake, long log)
    {
        List<string> dump = [.. kit.Lab.Dump(table).Select(row => row.Text)];
        Assert.Equal(lake + log, dump.Count);
        RowSet.AssertEqual(dump, connection.ReadTable(table));
        Assert.Equal(lake, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}$lake')"));
        Assert.Equal(log, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}$log')"));
    }

    private static List<string> Folders(string table) =>
        [.. Directory.GetFiles(table, "*.parquet", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(table, Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)];
}
