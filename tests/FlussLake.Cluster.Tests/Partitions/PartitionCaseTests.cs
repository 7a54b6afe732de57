using System.Data.Common;
using Dapper;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;
using FlussLake.Data.UnionRead;

namespace FlussLake.Cluster.Tests.Partitions;

/// <summary>Every state that a partition can be in, in Fluss and in the lake: each record comes exactly once.</summary>
public sealed class PartitionCaseTests(MainCluster main) : ClusterTest(main)
{
    private static readonly string[] s_days = ["2024-01-01", "2024-01-02", "2024-01-03"];
    private static readonly string[] s_regions = ["eu", "us"];

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Keys_may_stand_anywhere_among_the_columns(int position, bool lake)
    {
        List<LabColumn> columns = [new("id", "BIGINT NOT NULL"), new("note", "STRING")];
        columns.Insert(position, new("day", "STRING"));
        LabTable table = Create(LabTable.Unique("parts") with { Columns = columns, PartitionedBy = ["day"], Buckets = 2, Lake = lake });
        Fill(table, 0, 30, position);
        if (lake)
        {
            Lab.Tier(table);
            Fill(table, 30, 12, position);
        }

        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(lake ? 42L : 30L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
        Assert.Equal(lake ? 14L : 10L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE day = '2024-01-02'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Several_keys_name_a_partition_together(bool bucketKey)
    {
        LabTable table = Create(TwoKeys() with { BucketKey = bucketKey ? ["id"] : [] });
        FillTwo(table, 0, 60);
        Lab.Tier(table);
        FillTwo(table, 60, 24);
        Lab.AppendToPartitions(table, [100L, "asia", "new", 7L]);

        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(14L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE region = 'eu' AND day = 2"));
        ReadCounts counts = Counters.Of(connection);
        Assert.Equal((7, 6), (counts.LogArmsPlanned, counts.LogArmsPruned));
        Assert.InRange(counts.LogBucketsOpened, 1, 2);
        Assert.Equal(1L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE region LIKE 'as%'"));
        Assert.Equal(42L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') AS a JOIN fluss_read('{table.Name}') AS b USING (id, region, day) WHERE region = 'us'"));
    }

    [Fact]
    public void Partitions_are_read_wherever_they_are()
    {
        LabTable table = Create(OneKey());
        Lab.AppendToPartitions(table, Rows(0, "lake", "both", "dropped"));
        Lab.Tier(table);
        List<string> dropped = [.. Dump(table).Where(row => row.Contains("\"dropped\"", StringComparison.Ordinal))];
        Lab.AppendToPartitions(table, Rows(100, "both", "log", "dropped"));
        Lab.CreatePartition(table, ("day", "empty"));
        Lab.Offsets(table);
        AssertSameAsDump(table);

        // What of it was not tiered is gone with it.
        Lab.DropPartition(table, ("day", "dropped"));

        using DbConnection connection = Open();
        List<string> expected = [.. Dump(table), .. dropped];
        RowSet.AssertEqual(expected, connection.ReadTable(table));
        RowSet.AssertEqual(expected, [.. connection.ReadTable(table, "$lake"), .. connection.ReadTable(table, "$log")]);
        Assert.Equal(["String:both", "String:dropped", "String:lake"], connection.ReadTexts($"SELECT DISTINCT day FROM fluss_read('{table.Name}$lake') ORDER BY day"));
        Assert.Equal(["String:both", "String:log"], connection.ReadTexts($"SELECT DISTINCT day FROM fluss_read('{table.Name}$log') ORDER BY day"));
        RowSet.AssertEqual(dropped, connection.ReadRows($"SELECT {RowSet.SelectList(table)} FROM fluss_read('{table.Name}') WHERE day = 'dropped'", table));
        Assert.Equal(0, Counters.Of(connection).LogArmsOpened);
    }

    [Fact]
    public async Task A_partition_made_anew_under_its_name_has_the_lake_rows_of_the_old_one_and_the_log_of_the_new_one()
    {
        LabTable table = Create(OneKey());
        Lab.AppendToPartitions(table, Rows(0, "a", "b"));
        Lab.Tier(table);
        List<string> old = Dump(table);
        Lab.DropPartition(table, ("day", "a"));
        Lab.CreatePartition(table, ("day", "a"));
        await AppendWithNewClientAsync(table, Rows(50, "a"));

        using DbConnection connection = Open();
        List<string> expected = [.. old, .. Dump(table).Where(row => row.Contains("\"a\"", StringComparison.Ordinal))];
        Assert.Equal(old.Count + 5, expected.Count);
        RowSet.AssertEqual(expected, connection.ReadTable(table));
        Assert.Equal(5, connection.ReadTable(table, "$log").Count);

        // Tiered again: the snapshot has the offsets of both by their ids.
        Lab.Tier(table);
        RowSet.AssertEqual(expected, connection.ReadTable(table));
        RowSet.AssertEqual(expected, connection.ReadTable(table, "$lake"));
    }

    [Fact]
    public void Partitions_made_by_hand_may_have_names_that_no_row_makes()
    {
        LabTable table = Create(LabTable.Unique("parts") with { Columns = [new("id", "BIGINT NOT NULL"), new("n", "INT")], PartitionedBy = ["n"] });
        foreach (string name in (string[])["007", "abc", "7", "-1"])
        {
            Lab.CreatePartition(table, ("n", name));
        }

        Lab.Offsets(table);

        Lab.AppendToPartitions(table, [1L, 7L], [2L, -1L], [3L, 8L]);
        AssertSameAsDump(table);
        Lab.Tier(table);
        Lab.AppendToPartitions(table, [4L, 7L]);
        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(["Int64:1", "Int64:4"], connection.ReadTexts($"SELECT id FROM fluss_read('{table.Name}') WHERE n = 7 ORDER BY id"));
    }

    [Fact]
    public void Partitions_that_the_server_makes_by_time_are_read()
    {
        LabTable table = Create(OneKey() with
        {
            Lake = true,
            Properties = new Dictionary<string, string>
            {
                ["table.auto-partition.enabled"] = "true",
                ["table.auto-partition.time-unit"] = "YEAR",
                ["table.auto-partition.num-precreate"] = "3",
            },
        });
        Assert.True(Eventually.True(() => Lab.Partitions(table).Count == 3, TimeSpan.FromSeconds(60)));
        Lab.Offsets(table);
        string[] years = [.. Lab.Partitions(table).Keys.Order(StringComparer.Ordinal)];
        AssertSameAsDump(table);
        Lab.AppendToPartitions(table, Rows(0, years[0], years[2]));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, Rows(20, years[1], years[2]));

        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(10L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE day >= @year", new { year = years[2] }));
    }

    [Fact]
    public void An_empty_partitioned_table_has_columns_and_no_rows()
    {
        LabTable table = Create(OneKey());
        AssertSameAsDump(table);
        Lab.CreatePartition(table, ("day", "x"));
        Lab.Offsets(table);
        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(table.Columns.Select(column => column.Name), connection.DescribeColumns($"SELECT * FROM fluss_read('{table.Path}')").Select(column => column.Name));
        Assert.Equal(0L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
    }

    [Fact]
    public void Columns_may_be_added_to_a_partitioned_table()
    {
        LabTable table = Create(OneKey());
        Lab.AppendToPartitions(table, Rows(0, "a", "b"));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, Rows(20, "a", "c"));
        Lab.AddColumn(table, new("more", "INT"));
        LabTable wider = table with { Columns = [.. table.Columns, new("more", "INT")] };
        Lab.AppendToPartitions(wider, [40L, "n", "a", 7L], [41L, "n", "d", null]);

        AssertSameAsDump(wider);
        Lab.Tier(wider);
        Lab.AppendToPartitions(wider, [42L, "n", "b", 8L]);
        AssertSameAsDump(wider);
        using DbConnection connection = Open();
        Assert.Equal(15L, connection.ExecuteScalar<long>($"SELECT sum(more) FROM fluss_read('{table.Name}')"));
    }

    [Fact]
    public void A_lake_that_was_compacted_is_read_by_its_partitions()
    {
        LabTable table = Create(OneKey() with
        {
            BucketKey = ["id"],
            CustomProperties = new Dictionary<string, string> { ["paimon.compaction.min.file-num"] = "2", ["paimon.snapshot.num-retained.min"] = "100", ["paimon.snapshot.num-retained.max"] = "100" },
        });
        for (int round = 0; round < 3; round++)
        {
            Lab.AppendToPartitions(table, Rows(round * 20, "a", "b"));
            Lab.Tier(table);
        }

        Lab.Compact(table);
        Lab.AppendToPartitions(table, Rows(100, "a", "c"));
        AssertSameAsDump(table);
        Lab.Tier(table);
        AssertSameAsDump(table);
    }

    // Fluss's Java client keeps the id of a partition that it has written to, and loses rows when the partition is made anew.
    private async Task AppendWithNewClientAsync(LabTable table, IEnumerable<object?[]> rows)
    {
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [Cluster.Servers] });
        await using AppendWriter writer = await client.OpenAppendWriterAsync(new TablePath(table.Database, table.Name), cancellationToken: TestContext.Current.CancellationToken);
        foreach (object?[] row in rows)
        {
            await writer.AppendAsync(row, TestContext.Current.CancellationToken);
        }
    }

    private static LabTable OneKey() => LabTable.Unique("parts") with
    {
        Columns = [new("id", "BIGINT NOT NULL"), new("note", "STRING"), new("day", "STRING")],
        PartitionedBy = ["day"],
        Buckets = 2,
    };

    private static LabTable TwoKeys() => LabTable.Unique("parts") with
    {
        Columns = [new("id", "BIGINT NOT NULL"), new("region", "STRING"), new("note", "STRING"), new("day", "INT")],
        PartitionedBy = ["day", "region"],
        Buckets = 2,
    };

    private static IEnumerable<object?[]> Rows(int from, params string[] days) =>
        Enumerable.Range(0, 5 * days.Length).Select(i => (object?[])[(long)(from + i), $"n{i}", days[i % days.Length]]);

    private void Fill(LabTable table, int from, int count, int position) => Lab.AppendToPartitions(table, Enumerable.Range(from, count).Select(i =>
    {
        List<object?> row = [(long)i, i % 4 == 0 ? null : $"n{i}"];
        row.Insert(position, s_days[i % 3]);
        return row.ToArray();
    }));

    private void FillTwo(LabTable table, int from, int count) =>
        Lab.AppendToPartitions(table, Enumerable.Range(from, count).Select(i => (object?[])[(long)i, s_regions[i % 2], $"n{i}", (long)(i % 3)]));
}
