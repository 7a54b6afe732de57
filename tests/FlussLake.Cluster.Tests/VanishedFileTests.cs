using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests;

/// <summary>Lake files that somebody compacts away or expires between the plan and the read.</summary>
public sealed class VanishedFileTests(MainCluster main) : ClusterTest(main)
{
    [Fact]
    public void A_statement_whose_file_vanishes_before_its_first_row_is_planned_once_more()
    {
        LabTable table = CreateTieredTwice();
        using FlussLakeConnection connection = OpenWith(() =>
        {
            Lab.Compact(table);
            Lab.Generate(table, 5, from: 20);
            Lab.Tier(table);
            Lab.Expire(table, keep: 1);
        });

        long rows = connection.ExecuteScalar<long>($"SELECT count(*) FROM {AfterStrike(table)}");

        Assert.Equal(25, rows);
    }

    [Fact]
    public void A_file_that_is_gone_for_good_is_an_error_that_names_table_and_file()
    {
        LabTable table = CreateTieredTwice();
        string[] files = [];
        using FlussLakeConnection connection = OpenWith(() =>
        {
            files = Directory.GetFiles(table.LakeFolder(Cluster), "*.parquet", SearchOption.AllDirectories);
            Array.ForEach(files, File.Delete);
        });

        FlussLakeException failure = Assert.Throws<FlussLakeException>(() => connection.Execute($"CREATE TABLE copy AS SELECT id FROM {AfterStrike(table)}"));

        Assert.True(failure.IsTransient);
        Assert.Contains(table.Name, failure.Message, StringComparison.Ordinal);
        Assert.Contains(files, file => failure.Message.Contains(file, StringComparison.Ordinal));
        Assert.Equal(1, connection.ExecuteScalar<int>("SELECT 1"));
    }

    // The build side of a hash join runs before the probe side opens its files, all but the first, which binding has opened.
    private static string AfterStrike(LabTable table) => $"fluss_read('{table.Name}') AS f JOIN (SELECT strike(x) AS struck FROM range(1) AS r(x)) AS s ON s.struck = (f.id >= 0)";

    private LabTable CreateTieredTwice()
    {
        LabTable table = Create(LabTable.Unique("vanish") with
        {
            Buckets = 1,
            BucketKey = ["id"],
            Columns = [new("id", "BIGINT NOT NULL")],
            CustomProperties = new Dictionary<string, string> { ["paimon.compaction.min.file-num"] = "2" },
        });
        for (int round = 0; round < 2; round++)
        {
            Lab.Generate(table, 10, from: round * 10);
            Lab.Tier(table);
        }

        return table;
    }

    private FlussLakeConnection OpenWith(Action strike)
    {
        FlussLakeConnection connection = (FlussLakeConnection)Open("Data Source=:memory:;threads=1");
        connection.RegisterStrike(strike);
        return connection;
    }
}
