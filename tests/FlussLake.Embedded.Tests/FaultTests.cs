using System.Diagnostics;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Faults;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class FaultTests
{
    private static readonly long[] s_rows = [.. Enumerable.Range(0, 60).Select(id => (long)id)];

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(400)]
    public async Task A_dropped_connection_costs_no_row(int afterBytes)
    {
        await using EmbeddedFluss fluss = await StartAsync();
        foreach (FlussApi api in (FlussApi[])[FlussApi.Metadata, FlussApi.GetTableInfo, FlussApi.ListOffsets, FlussApi.FetchLog])
        {
            fluss.Faults.DropConnection(api, afterBytes);
        }

        using FlussClient client = fluss.Client();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        Assert.Equal(0, fluss.Faults.Left);
    }

    [Fact]
    public async Task A_delayed_answer_is_waited_for()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        fluss.Faults.Delay(TimeSpan.FromMilliseconds(300), FlussApi.FetchLog);
        using FlussClient client = fluss.Client();
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 290, 20_000);
    }

    [Fact]
    public async Task A_retriable_error_is_asked_again_and_another_one_reaches_the_caller()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        fluss.Faults.Refuse(FlussErrorCode.StorageFailure, FlussApi.GetTableInfo, times: 2);
        fluss.Faults.Refuse(FlussErrorCode.NotLeaderOrFollower, FlussApi.FetchLog);
        using FlussClient client = fluss.Client();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        fluss.Faults.Refuse(FlussErrorCode.AuthorizationFailed, FlussApi.GetTableInfo);
        FlussException refused = await Assert.ThrowsAsync<FlussException>(() => client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken));
        Assert.Equal(FlussErrorCode.AuthorizationFailed, refused.Code);
    }

    [Fact]
    public async Task A_refused_bucket_is_asked_again_while_others_are_read()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        fluss.Faults.RefuseBucket(FlussApi.FetchLog, Shop.Orders, FlussErrorCode.LogStorageFailure, bucket: 1, times: 2);
        fluss.Faults.RefuseBucket(FlussApi.ListOffsets, Shop.Orders, FlussErrorCode.NotLeaderOrFollower);
        using FlussClient client = fluss.Client();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        fluss.Faults.RefuseBucket(FlussApi.FetchLog, Shop.Orders, FlussErrorCode.LogOffsetOutOfRange, bucket: 0);
        Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, Assert.Throws<FlussException>(() => client.ReadIds(Shop.Orders)).Code);
        Assert.Throws<ArgumentException>(() => fluss.Faults.RefuseBucket(FlussApi.Metadata, Shop.Orders, FlussErrorCode.StorageFailure));
        Assert.Equal(FlussErrorCode.TableNotExist, Assert.Throws<FlussException>(() => fluss.Faults.CorruptBatch(new TablePath("shop", "nope"))).Code);
    }

    [Fact]
    public async Task Leadership_moves_without_losing_a_row()
    {
        await using EmbeddedFluss fluss = await StartAsync(servers: 3);
        using FlussClient client = fluss.Client();
        for (int server = 0; server < 3; server++)
        {
            await fluss.Faults.MoveLeaderAsync(Shop.Orders, 0, server);
            await fluss.Faults.MoveLeaderAsync(Shop.Orders, 1, 2 - server);
            Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        }

        TableInfo table = await client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken);
        await fluss.Faults.MoveLeaderAsync(Shop.Orders, 0, 1);
        using Wire leader = Wire.ToTablet(fluss, 1);
        Assert.Equal(30, leader.Append(table, Batches.Of(60, 1)));
        Assert.Equal(61, client.ReadIds(Shop.Orders).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => fluss.Faults.MoveLeaderAsync(Shop.Orders, 0, 3));
    }

    [Fact]
    public async Task Without_a_leader_a_reader_waits_until_there_is_one_or_its_time_is_over()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        await fluss.Faults.RemoveLeaderAsync(Shop.Orders, 1);
        using FlussClient impatient = fluss.Client(TimeSpan.FromMilliseconds(500));
        Assert.True(Assert.Throws<FlussException>(() => impatient.ReadIds(Shop.Orders)).IsTransient);
        using FlussClient client = fluss.Client();
        using Barrier barrier = new(2);
        List<long>? read = null;
        Thread reader = new(() =>
        {
            barrier.SignalAndWait();
            read = client.ReadIds(Shop.Orders);
        });
        reader.Start();
        barrier.SignalAndWait(TestContext.Current.CancellationToken);
        await fluss.Faults.MoveLeaderAsync(Shop.Orders, 1, 0);
        Assert.True(reader.Join(TimeSpan.FromSeconds(20)));
        Assert.Equal(s_rows, read!.Order());
    }

    [Fact]
    public async Task A_batch_that_is_corrupt_once_is_read_again_and_one_that_stays_so_is_an_error()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        using FlussClient client = fluss.Client();
        fluss.Faults.CorruptBatch(Shop.Orders, bucket: 0);
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
        Assert.Equal(0, fluss.Faults.Left);

        fluss.Faults.CorruptBatch(Shop.Orders, bucket: 0, times: 1000);
        FlussException failure = Assert.Throws<FlussException>(() => client.ReadIds(Shop.Orders));
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
        Assert.Contains("bucket 0", failure.Message, StringComparison.Ordinal);

        fluss.Faults.Clear();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
    }

    [Fact]
    public async Task A_truncated_answer_is_an_error_that_names_the_request()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        fluss.Faults.Truncate(5, FlussApi.GetTableInfo, times: 1000);
        using FlussClient client = fluss.Client(TimeSpan.FromSeconds(2));
        FlussException failed = await Assert.ThrowsAsync<FlussException>(() => client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken));
        Assert.Contains("GetTableInfo", failed.Message, StringComparison.Ordinal);
        fluss.Faults.Clear();
        Assert.Equal(s_rows, client.ReadIds(Shop.Orders).Order());
    }

    [Fact]
    public async Task Answers_in_another_order_reach_the_right_callers()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        using FlussClient client = fluss.Client();
        await client.ListDatabasesAsync(TestContext.Current.CancellationToken);
        fluss.Faults.Reorder(3);
        Task<IReadOnlyList<string>> databases = client.ListDatabasesAsync(TestContext.Current.CancellationToken);
        Task<bool> exists = client.TableExistsAsync(Shop.Orders, TestContext.Current.CancellationToken);
        Task<IReadOnlyList<string>> tables = client.ListTablesAsync("shop", TestContext.Current.CancellationToken);
        Assert.Equal(["fluss", "shop"], await databases);
        Assert.True(await exists);
        Assert.Equal(["orders"], await tables);
    }

    [Fact]
    public async Task A_request_that_is_swallowed_times_out()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        fluss.Faults.Swallow(FlussApi.ListTables, times: 100);
        using FlussClient client = fluss.Client(TimeSpan.FromMilliseconds(300));
        FlussException failed = await Assert.ThrowsAsync<FlussException>(() => client.ListTablesAsync("shop", TestContext.Current.CancellationToken));
        Assert.True(failed.IsTransient);
        fluss.Faults.Clear();
        Assert.Equal(["orders"], await client.ListTablesAsync("shop", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_has_happened_once_and_is_acknowledged_when_sent_again()
    {
        await using EmbeddedFluss fluss = await StartAsync();
        using FlussClient client = fluss.Client();
        TableInfo table = await client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken);
        using Wire tablet = Wire.ToTablet(fluss);
        fluss.Faults.LoseAnswer(FlussApi.ProduceLog);
        tablet.Send(ApiKey.ProduceLog, Shop.Produce(table, 0, Batches.Of(60, 2, writerId: 9, sequence: 0)));
        Assert.Equal(30, tablet.Append(table, Batches.Of(60, 2, writerId: 9, sequence: 0)));
        Assert.Equal([.. s_rows, 60, 61], client.ReadIds(Shop.Orders).Order());
    }

    /// <summary>A server with the table shop.orders: ids 0 to 29 in bucket 0, 30 to 59 in bucket 1, ten rows a batch.</summary>
    private static async Task<EmbeddedFluss> StartAsync(int servers = 1)
    {
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TabletServers = servers }, TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders(buckets: 2);
        for (int bucket = 0; bucket < 2; bucket++)
        {
            await fluss.Faults.MoveLeaderAsync(Shop.Orders, bucket, 0);
            using Wire tablet = Wire.ToTablet(fluss);
            for (int i = 0; i < 3; i++)
            {
                tablet.Append(table, Batches.Of((bucket * 30) + (i * 10), 10), bucket);
            }
        }

        return fluss;
    }
}
