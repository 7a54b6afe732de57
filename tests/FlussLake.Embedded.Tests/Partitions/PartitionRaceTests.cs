using System.Data.Common;
using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Data.UnionRead;
using FlussLake.Embedded.Faults;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>What happens to partitions while a table is planned, and between the plan and the read.</summary>
public sealed class PartitionRaceTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "p STRING"];

    [Fact]
    public async Task Rows_that_are_tiered_and_whose_partition_is_then_dropped_are_not_lost_between_the_steps()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        await TierAsync(table);
        await table.AppendAsync([3L, "a"], [4L, "c"]);

        UnionReadPlan plan = await PlanAsync(table, async () =>
        {
            await TierAsync(table);
            await DropAsync(table, "a");
            await DropAsync(table, "c");
        });

        Assert.Equal(2, plan.LakeSnapshotId);
        Assert.Equal(4, plan.LakeArms.Sum(arm => arm.RowCount));
        Assert.Empty(plan.LogArms);
    }

    [Fact]
    public async Task Rows_that_are_tiered_meanwhile_are_read_from_the_log()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        await TierAsync(table);
        await table.AppendAsync([3L, "a"], [4L, "c"]);

        UnionReadPlan plan = await PlanAsync(table, () => TierAsync(table));

        Assert.Equal(1, plan.LakeSnapshotId);
        Assert.Equal(2, plan.LakeArms.Sum(arm => arm.RowCount));
        Assert.Equal(2, plan.LogArms.Sum(arm => arm.Offsets));
    }

    [Fact]
    public async Task A_partition_that_was_dropped_without_being_tiered_further_does_not_count()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        await TierAsync(table);
        await table.AppendAsync([3L, "a"], [4L, "b"]);

        UnionReadPlan plan = await PlanAsync(table, async () =>
        {
            await DropAsync(table, "a");
            await TierAsync(table);
        });

        Assert.Equal(1, plan.LakeSnapshotId);
        Assert.Equal(2, plan.LakeArms.Sum(arm => arm.RowCount));
        Assert.Equal(1, plan.LogArms.Sum(arm => arm.Offsets));
    }

    [Fact]
    public async Task A_partition_that_is_created_meanwhile_is_read_from_its_first_record()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"]);
        await TierAsync(table);

        UnionReadPlan plan = await PlanAsync(table, async () =>
        {
            await table.AppendAsync([2L, "new"], [3L, "new"]);
            await TierAsync(table);
            await table.AppendAsync([4L, "new"]);
        });

        LogRange range = Assert.Single(Assert.Single(plan.LogArms).Ranges);
        Assert.Equal((0, 3), (range.Start, range.End));
        Assert.Equal("new", plan.Partitions[range.Bucket.PartitionId!.Value].Name);
    }

    [Fact]
    public async Task A_partition_that_is_gone_when_its_end_is_asked_for_is_listed_again()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        table.Fluss.Faults.RefuseBucket(FlussApi.ListOffsets, EmbeddedTable.Path, FlussErrorCode.PartitionNotExists);

        Assert.Equal(["1|a", "2|b"], table.Read());
        Assert.Equal(0, table.Fluss.Faults.Left);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_dropped_partition_is_refused_by_its_code(bool leaderIsKnown)
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken);
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [table.Fluss.BootstrapServers] });
        TableBucket[] buckets = [.. (await client.ListPartitionsAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken)).Select(partition => new TableBucket(info.TableId, partition.PartitionId, 0))];
        if (leaderIsKnown)
        {
            Assert.Equal(2, (await client.ListEndOffsetsAsync(info, buckets, TestContext.Current.CancellationToken)).Values.Sum());
        }

        await DropAsync(table, "a");

        FlussException gone = await Assert.ThrowsAsync<FlussException>(() => client.ListEndOffsetsAsync(info, buckets, TestContext.Current.CancellationToken));
        Assert.Equal(FlussErrorCode.PartitionNotExists, gone.Code);
    }

    [Fact]
    public async Task A_partition_that_is_made_anew_between_plan_and_read_is_planned_again()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        await TierAsync(table);
        await table.AppendAsync([3L, "a"], [4L, "b"]);
        int calls = 0;
        await using FlussLakeConnection connection = table.Open("Data Source=:memory:;threads=1");
        connection.RegisterScalarFunction<long, bool>("strike", (long _) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                DropAsync(table, "a").GetAwaiter().GetResult();
                table.AppendAsync([5L, "a"]).GetAwaiter().GetResult();
            }

            return true;
        });

        List<string> ids = Queries.Rows(connection, "SELECT f.id FROM fluss_read('orders') AS f JOIN (SELECT strike(x) AS struck FROM range(1) AS r(x)) AS s ON s.struck = (f.id >= 0)");

        Assert.Equal(["1", "2", "4", "5"], ids);
    }

    [Fact]
    public async Task One_of_many_partitions_that_is_dropped_after_the_plan_is_named()
    {
        await using EmbeddedTable table = await CreateAsync();
        await table.AppendAsync(Enumerable.Range(0, LogArms.Most + 5).Select(i => (object?[])[(long)i, $"p{i}"]));
        await using FlussLakeConnection connection = table.Open();
        await using DbTransaction transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Queries.Text(LogArms.Most + 5)], Queries.Rows(connection, "SELECT count(*) FROM fluss_read('orders')"));
        await DropAsync(table, "p77");

        FlussLakeException gone = Assert.Throws<FlussLakeException>(() => Queries.Rows(connection, "SELECT sum(id) FROM fluss_read('orders')"));

        Assert.StartsWith("Partition 'p77' of table shop.orders was dropped", gone.Message, StringComparison.Ordinal);
        Assert.Equal(FlussErrorCode.PartitionNotExists, gone.ServerErrorCode);
    }

    private static Task<EmbeddedTable> CreateAsync() =>
        EmbeddedTable.CreateAsync(s_columns, change: descriptor => descriptor with { PartitionKeys = ["p"], BucketCount = 1 });

    private static Task<TieringResult> TierAsync(EmbeddedTable table) => table.Fluss.TierAsync(EmbeddedTable.Path);

    private static Task DropAsync(EmbeddedTable table, string partition) => table.Client.DropPartitionAsync(EmbeddedTable.Path, new Dictionary<string, string> { ["p"] = partition });

    /// <summary>Plans the table while something happens between the lake and the log.</summary>
    private static async Task<UnionReadPlan> PlanAsync(EmbeddedTable table, Func<Task> meanwhile)
    {
        await using FlussLakeConnection connection = table.Open();
        UnionReadPlanner planner = new(connection.Session!, table.Client, new InterruptedPlanner(meanwhile));
        return await planner.PlanAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken);
    }

    private sealed class InterruptedPlanner(Func<Task> meanwhile) : ILakePlanner
    {
        private readonly PaimonPlanner _planner = new(new LocalLakeStorage());
        private Func<Task>? _meanwhile = meanwhile;

        public async Task<LakeScan> PlanAsync(string tableRoot, long snapshotId, CancellationToken cancellationToken)
        {
            LakeScan scan = await _planner.PlanAsync(tableRoot, snapshotId, cancellationToken);
            if (Interlocked.Exchange(ref _meanwhile, null) is { } action)
            {
                await action();
            }

            return scan;
        }
    }
}
