using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Data;
using FlussLake.Data.UnionRead;

namespace FlussLake.Cluster.Tests.Partitions;

/// <summary>What cannot match a condition on the partition keys is not read: neither files nor buckets.</summary>
public sealed class PruningTests(MainCluster main) : ClusterTest(main)
{
    private static readonly string[] s_days = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"];

    [Theory]
    [InlineData("day = '2024-01-02'", 1)]
    [InlineData("day IN ('2024-01-02', '2024-01-04', 'x')", 2)]
    [InlineData("day > '2024-01-02'", 2)]
    [InlineData("day BETWEEN '2024-01-01' AND '2024-01-03'", 3)]
    [InlineData("day LIKE '%-03'", 1)]
    [InlineData("day = 'x'", 0)]
    [InlineData("day = '2024-01-02' AND id > 3", 1)]
    [InlineData("day = '2024-01-02' OR day = '2024-01-03'", 2)]
    [InlineData("strlen(day) = 3", 0)]
    [InlineData("NOT (day = '2024-01-02')", 3)]
    [InlineData("id = 3", 4)]
    [InlineData("day = @day", 1)]
    public void Buckets_of_other_partitions_are_not_opened(string condition, int expected)
    {
        LabTable table = Create(Table());
        Lab.AppendToPartitions(table, Rows(0, s_days));
        using DbConnection connection = Open();
        string where = $"FROM fluss_read('{table.Name}') WHERE {condition}";

        long rows = connection.ExecuteScalar<long>($"SELECT count(*) {where}", new { day = "2024-01-02" });

        ReadCounts counts = Counters.Of(connection);
        Assert.Equal((4, expected, 4 - expected), (counts.LogArmsPlanned, counts.LogArmsOpened, counts.LogArmsPruned));
        Assert.Equal(expected, counts.ScansOpened);
        Assert.True(counts.LogBucketsOpened <= 2 * expected);
        Assert.Equal(expected > 0, rows > 0);
    }

    [Fact]
    public void Lake_files_of_other_partitions_need_not_be_there()
    {
        LabTable table = Create(Table());
        Lab.AppendToPartitions(table, Rows(0, s_days));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, Rows(40, "2024-01-02"));
        Directory.Delete(Path.Combine(table.LakeFolder(Cluster), "day=2024-01-03"), recursive: true);
        using DbConnection connection = Open();

        Assert.Equal(20L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE day = '2024-01-02'"));
        Assert.Equal(40L, connection.ExecuteScalar<long>($"SELECT count(id) FROM fluss_read('{table.Name}') WHERE day <> @gone", new { gone = "2024-01-03" }));
        Assert.Equal(20, connection.Query($"SELECT * FROM fluss_read('{table.Name}') WHERE day IN ('2024-01-02')").Count());

        FlussLakeException gone = Assert.Throws<FlussLakeException>(() => connection.ExecuteScalar($"SELECT count(*) FROM fluss_read('{table.Name}')"));
        Assert.Contains("day=2024-01-03", gone.Message, StringComparison.Ordinal);
        Assert.Contains(table.Path, gone.Message, StringComparison.Ordinal);
        Assert.True(gone.IsTransient);
        foreach (string condition in (string[])["day = '2024-01-03'", "id = 2", "id < 0", "note IS NULL", "day >= '2024-01-02' AND note = 'n2'", "day <> '2024-01-01' AND id IN (3, 5)"])
        {
            gone = Assert.Throws<FlussLakeException>(() => connection.ExecuteScalar($"SELECT max(note) FROM fluss_read('{table.Name}') WHERE {condition}"));
            Assert.Contains("day=2024-01-03", gone.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_partition_that_is_dropped_between_plan_and_read_is_planned_without()
    {
        LabTable table = Create(Table());
        Lab.AppendToPartitions(table, Rows(0, s_days));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, Rows(100, s_days));
        using FlussLakeConnection connection = OpenWith(() => Drop(table, s_days[1]));

        Assert.Equal(70L, connection.ExecuteScalar<long>(AfterStrike("SELECT count(*)", table)));
        Assert.Equal(10L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') WHERE day = '{s_days[1]}'"));
    }

    [Fact]
    public void A_partition_that_is_dropped_after_the_first_row_is_an_error_that_names_it()
    {
        LabTable table = Create(Table());
        Lab.AppendToPartitions(table, Rows(0, s_days));
        using DbConnection connection = Open("Data Source=:memory:;threads=1;preserve_insertion_order=true");
        using DbTransaction transaction = connection.BeginTransaction();
        Assert.Equal(40L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')", transaction: transaction));
        Drop(table, s_days[2]);

        // The transaction keeps its plan.
        FlussLakeException gone = Assert.Throws<FlussLakeException>(() => connection.Query($"SELECT id FROM fluss_read('{table.Name}')", transaction: transaction).Count());

        Assert.Contains($"Partition '{s_days[2]}' of table {table.Path} was dropped", gone.Message, StringComparison.Ordinal);
        Assert.True(gone.IsTransient);
        transaction.Rollback();
        Assert.Equal(30L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
    }

    // Servers give a dropped partition's records until they have removed its logs.
    private void Drop(LabTable table, string day)
    {
        string folder = $"{day}-p{Lab.Partitions(table)[day]}";
        Lab.DropPartition(table, ("day", day));
        Assert.True(Eventually.True(
            () => Directory.GetDirectories(Path.Combine(Cluster.Folder, "data", "tablet-0", table.Database), folder, SearchOption.AllDirectories).Length == 0, TimeSpan.FromSeconds(60)));
    }

    // The build side of a hash join runs before the probe side starts its scans.
    private static string AfterStrike(string select, LabTable table) =>
        $"{select} FROM fluss_read('{table.Name}') AS f JOIN (SELECT strike(x) AS struck FROM range(1) AS r(x)) AS s ON s.struck = (f.id >= 0)";

    private FlussLakeConnection OpenWith(Action strike)
    {
        FlussLakeConnection connection = (FlussLakeConnection)Open("Data Source=:memory:;threads=1");
        connection.RegisterStrike(strike);
        return connection;
    }

    private static LabTable Table() => LabTable.Unique("pruned") with
    {
        Columns = [new("id", "BIGINT NOT NULL"), new("day", "STRING"), new("note", "STRING")],
        PartitionedBy = ["day"],
        Buckets = 2,
    };

    private static IEnumerable<object?[]> Rows(int from, params string[] days) =>
        Enumerable.Range(0, 10 * days.Length).Select(i => (object?[])[(long)(from + i), days[i % days.Length], $"n{i}"]);
}
