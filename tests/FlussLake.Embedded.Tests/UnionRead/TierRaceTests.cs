using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tests.Servers;
using FlussLake.Embedded.Tests.Tiering;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>What happens around a round of tiering: to the table, to the lake, to the server, to who waits.</summary>
public sealed class TierRaceTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "note STRING"];

    [Fact]
    public async Task Columns_may_be_added_and_used_while_a_round_runs()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"]);
        TableBucket bucket = await BucketAsync(table);

        TieringResult round = await Tier(table, new WatchedEnds(new Dictionary<TableBucket, long> { [bucket] = 2 }, () =>
        {
            table.Client.AddColumnsAsync(EmbeddedTable.Path, [EmbeddedTable.Column("more STRING")]).GetAwaiter().GetResult();
            table.AppendAsync([2L, "b", "new"]).GetAwaiter().GetResult();
        }));

        Assert.InRange(round.Rows, 1, 2);
        await Tier(table);
        Assert.Equal(["1|a|NULL", "2|b|new"], table.Read("$lake"));
        Assert.Equal(["1|a|NULL", "2|b|new"], table.Read());
    }

    [Fact]
    public async Task A_round_that_waits_for_another_can_be_cancelled()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"]);
        using ManualResetEventSlim asked = new();
        using ManualResetEventSlim release = new();
        Task<TieringResult> first = Tier(table, Blocked(await BucketAsync(table), asked, release));
        asked.Wait(TestContext.Current.CancellationToken);
        using CancellationTokenSource source = new();
        Task<TieringResult> second = table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: source.Token);
        await source.CancelAsync();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Equal(source.Token, cancelled.CancellationToken);
        Assert.False(first.IsCompleted);
        release.Set();
        Assert.Equal(1, (await first).Rows);
    }

    [Fact]
    public async Task A_round_that_is_cancelled_in_its_middle_leaves_nothing()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"]);
        TableBucket bucket = await BucketAsync(table);
        using CancellationTokenSource source = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.Fluss.TierAsync(EmbeddedTable.Path, new WatchedEnds(new Dictionary<TableBucket, long> { [bucket] = 1 }, source.Cancel), source.Token));

        Assert.Empty(Directory.GetFiles(table.Fluss.LakeWarehouse, "*.parquet", SearchOption.AllDirectories));
        Assert.Equal(1, (await Tier(table)).Rows);
        Assert.Equal(["1|a"], table.Read());
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_rounds_first()
    {
        EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"]);
        string warehouse = table.Fluss.LakeWarehouse;
        using ManualResetEventSlim asked = new();
        using ManualResetEventSlim release = new();
        Task<TieringResult> round = Tier(table, Blocked(await BucketAsync(table), asked, release));
        asked.Wait(TestContext.Current.CancellationToken);
        Task stopping = Task.Run(async () => await table.DisposeAsync(), TestContext.Current.CancellationToken);

        // From here on it stops.
        while (await Record.ExceptionAsync(() => table.Fluss.TierAsync(new TablePath("shop", "none"), cancellationToken: TestContext.Current.CancellationToken)) is not ObjectDisposedException)
        {
            Assert.False(stopping.IsCompleted);
        }

        Assert.False(stopping.IsCompleted);
        release.Set();
        await stopping;

        Assert.True(round.IsCompleted);
        FlussException stopped = await Assert.ThrowsAsync<FlussException>(() => round);
        Assert.Contains("shop.orders", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("being stopped", stopped.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(warehouse));
    }

    [Fact]
    public async Task Ends_of_buckets_that_are_not_there_are_refused()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"]);
        TableBucket bucket = await BucketAsync(table);

        foreach (TableBucket none in (TableBucket[])[bucket with { Bucket = 1 }, bucket with { PartitionId = 1 }, bucket with { TableId = bucket.TableId + 1 }])
        {
            FlussException refusal = await Assert.ThrowsAsync<FlussException>(() => Tier(table, new Dictionary<TableBucket, long> { [bucket] = 1, [none] = 1 }));
            Assert.Equal(FlussErrorCode.UnknownTableOrBucket, refusal.Code);
            Assert.Contains("shop.orders", refusal.Message, StringComparison.Ordinal);
        }

        FlussException negative = await Assert.ThrowsAsync<FlussException>(() => Tier(table, new Dictionary<TableBucket, long> { [bucket] = -1 }));
        Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, negative.Code);
        Assert.Empty(table.Read("$lake"));
        Assert.Equal(1, (await Tier(table, new Dictionary<TableBucket, long> { [bucket] = 100 })).Rows);
        Assert.Equal(0, (await Tier(table, new Dictionary<TableBucket, long> { [bucket] = 0 })).Rows);
        Assert.Equal(["1|a"], table.Read());
    }

    [Fact]
    public async Task A_lake_that_was_taken_back_behind_the_registered_snapshot_is_not_tiered_on()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        for (long id = 1; id <= 2; id++)
        {
            await table.AppendAsync([id, "a"]);
            await Tier(table);
        }

        await table.AppendAsync([3L, "a"]);
        File.Delete(Path.Combine(Folder(table), "snapshot", "snapshot-2"));

        FlussException refusal = await Assert.ThrowsAsync<FlussException>(() => Tier(table));

        Assert.Equal(FlussErrorCode.StorageFailure, refusal.Code);
        Assert.Contains("shop.orders", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("snapshot 2", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder(table), "snapshot", "snapshot-2")));
    }

    [Fact]
    public async Task A_lake_that_is_ahead_of_the_log_is_not_tiered_on()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        TableBucket bucket = await BucketAsync(table);
        await Tier(table);
        string offsets = table.Fluss.LakeSnapshots.Prepare(EmbeddedTable.Path, bucket.TableId, new Dictionary<TableBucket, long> { [bucket] = 3 }, ignorePrevious: false);
        table.Fluss.LakeSnapshots.Commit(bucket.TableId, new Lake.LakeRegistration(1, offsets, offsets), earliestToKeep: null);

        FlussException refusal = await Assert.ThrowsAsync<FlussException>(() => Tier(table));

        Assert.Equal(FlussErrorCode.StorageFailure, refusal.Code);
        Assert.Contains("shop.orders", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("offset 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_without_rows_alone_make_no_snapshot_and_are_passed_over_with_the_next_rows()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, change: descriptor => descriptor with
        {
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true", ["table.log.arrow.compression.type"] = "NONE" },
        });
        using Wire coordinator = new(table.Fluss.BootstrapServers);
        using Wire tablet = Wire.ToTablet(table.Fluss);
        TableInfo info = coordinator.GetTable(EmbeddedTable.Path);
        tablet.Append(info, Servers.Batches.Empty());

        Assert.Equal(new TieringResult(null, 0), await Tier(table));
        tablet.Append(info, Servers.Batches.Of(7, rows: 2));
        tablet.Append(info, Servers.Batches.Empty());
        Assert.Equal(new TieringResult(1, 2), await Tier(table));
        Assert.Equal(new TieringResult(1, 0), await Tier(table));
        Assert.Equal(["7|n7", "8|n8"], table.Read("$lake"));
        Assert.Empty(table.Read("$log"));
        Assert.Equal(["7|n7", "8|n8"], table.Read());
    }

    [Fact]
    public async Task A_partition_that_is_dropped_while_a_round_runs_takes_no_row_of_another_with_it()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT NOT NULL", "p STRING"], change: descriptor => descriptor with { PartitionKeys = ["p"] });
        Dictionary<string, string> doomed = new() { ["p"] = "b" };
        foreach (string partition in (string[])["a", "b", "c"])
        {
            await table.Client.CreatePartitionAsync(EmbeddedTable.Path, new Dictionary<string, string> { ["p"] = partition }, cancellationToken: TestContext.Current.CancellationToken);
        }

        await table.AppendAsync([1L, "a"], [2L, "b"], [3L, "c"]);
        Dictionary<TableBucket, long> ends = table.Fluss.Catalog.Get(EmbeddedTable.Path).Buckets().ToDictionary(bucket => bucket, _ => 1L);

        Assert.Equal(2, (await Tier(table, new WatchedEnds(ends, () => table.Client.DropPartitionAsync(EmbeddedTable.Path, doomed).GetAwaiter().GetResult()))).Rows);
        await table.AppendAsync([4L, "a"], [5L, "c"]);
        Assert.Equal(2, (await Tier(table)).Rows);
        string files = string.Join(", ", (await new PaimonPlanner(new LocalLakeStorage()).PlanAsync(Folder(table), 2, TestContext.Current.CancellationToken)).Files.Select(file => $"'{file.Path}'"));
        Assert.Equal(["1|a", "3|c", "4|a", "5|c"], Warehouse.Query($"SELECT id, p FROM read_parquet([{files}]) ORDER BY id"));
        Assert.Equal(FlussErrorCode.UnknownTableOrBucket, (await Assert.ThrowsAsync<FlussException>(() => Tier(table, ends))).Code);
    }

    private static WatchedEnds Blocked(TableBucket bucket, ManualResetEventSlim asked, ManualResetEventSlim release) => new(new Dictionary<TableBucket, long> { [bucket] = 1 }, () =>
    {
        asked.Set();
        release.Wait();
    });

    private static Task<TieringResult> Tier(EmbeddedTable table, IReadOnlyDictionary<TableBucket, long>? upTo = null) =>
        table.Fluss.TierAsync(EmbeddedTable.Path, upTo, TestContext.Current.CancellationToken);

    private static async Task<TableBucket> BucketAsync(EmbeddedTable table) => new((await table.Client.GetTableInfoAsync(EmbeddedTable.Path)).TableId, null, 0);

    private static string Folder(EmbeddedTable table) => Path.Combine(table.Fluss.LakeWarehouse, "shop.db", "orders");
}
