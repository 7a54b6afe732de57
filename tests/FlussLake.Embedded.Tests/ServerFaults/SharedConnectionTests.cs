using System.Collections.Concurrent;
using System.Data.Common;
using FlussLake.Data;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>Statements that run while the connections below them are cut, the leaders move, or the server is away.</summary>
public sealed class SharedConnectionTests
{
    private const int Statements = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Twenty_statements_whose_shared_connection_is_cut_read_every_row_or_end_in_a_transient_error(int seed)
    {
        await using FaultyShop shop = await FaultyShop.StartAsync(rows: 2000);
        FlussLakeConnection[] connections = [.. Enumerable.Range(0, Statements).Select(_ => shop.Open(timeout: 60))];
        ConcurrentBag<Exception> wrong = [];
        int running = Statements;
        int right = 0;
        Thread[] threads = [.. connections.Select(connection => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 5; i++)
                {
                    FlussLakeException? failure = shop.TryRead(connection);
                    Assert.True(failure is null or { IsTransient: true }, $"{failure}");
                    if (failure is null)
                    {
                        Interlocked.Increment(ref right);
                    }
                }
            }
            catch (Exception exception)
            {
                wrong.Add(exception);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Random random = new(seed);
        int cuts = 0;
        using ManualResetEventSlim never = new();
        while (Volatile.Read(ref running) > 0 && cuts < 40)
        {
            never.Wait(random.Next(1, 60), TestContext.Current.CancellationToken);
            shop.Fluss.Faults.CutConnections();
            cuts++;
        }

        Assert.All(threads, static thread => Assert.True(thread.Join(s_patience), "A statement hangs."));
        Assert.Empty(wrong);
        Assert.True(cuts > 0 && right > 0, $"{cuts} cuts, {right} statements with all rows.");
        await Task.WhenAll(connections.Select(connection => Task.Factory.StartNew(
            () => FaultyShop.Read(connection, shop.Rows), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Array.ForEach(connections, static connection => connection.Dispose());
    }

    [Fact]
    public async Task Leaders_that_move_in_the_middle_of_a_read_cost_no_row_and_bring_none_that_came_later()
    {
        await using FaultyShop shop = await FaultyShop.StartAsync(rows: 6000, servers: 3);
        using FlussLakeConnection connection = shop.Open();
        for (int round = 0; round < 6; round++)
        {
            int rows = shop.Rows;
            using DbCommand command = connection.CreateCommand();
            command.CommandText = FaultyShop.Query;
            using (DbDataReader reader = command.ExecuteReader())
            {
                await shop.Fluss.Faults.MoveLeaderAsync(EmbeddedTable.Path, round % 2, round % 3);
                await shop.AppendAsync(50, flushEach: 10);
                await shop.Fluss.Faults.MoveLeaderAsync(EmbeddedTable.Path, 1 - (round % 2), (round + 1) % 3);
                FaultyShop.AssertRows(reader, rows);
            }

            FaultyShop.Read(connection, shop.Rows);
        }
    }

    [Fact]
    public async Task A_bucket_without_a_leader_is_waited_for_and_an_error_when_the_time_is_over()
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        using FlussLakeConnection connection = shop.Open(timeout: 2);
        await shop.Fluss.Faults.RemoveLeaderAsync(EmbeddedTable.Path, 1);

        FlussLakeException? failure = shop.TryRead(connection);

        Assert.True(failure is { IsTransient: true }, $"{failure}");
        Assert.Contains("shop.orders", failure.Message, StringComparison.Ordinal);
        await shop.Fluss.Faults.MoveLeaderAsync(EmbeddedTable.Path, 1, 0);
        FaultyShop.Read(connection, shop.Rows, timeout: 60);
    }

    [Fact]
    public async Task A_server_that_comes_back_on_its_port_serves_the_connections_that_it_had()
    {
        using TempFolder folder = new();
        await using FaultyShop shop = await FaultyShop.StartAsync(dataDirectory: folder.Path);
        using FlussLakeConnection connection = shop.Open(timeout: 20);
        FaultyShop.Read(connection, shop.Rows);
        string address = shop.Fluss.BootstrapServers;
        await shop.StopAsync();

        FlussLakeException? away = shop.TryRead(connection);

        Assert.True(away is { IsTransient: true, SqlState: "08006" }, $"{away}");
        Assert.Contains("127.0.0.1:", away.Message, StringComparison.Ordinal);
        await shop.StartAgainAsync();
        Assert.Equal(address, shop.Fluss.BootstrapServers);
        FaultyShop.Read(connection, shop.Rows);
        await shop.AppendAsync(10, flushEach: 10);
        FaultyShop.Read(connection, shop.Rows);
    }
}
