using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tests.Servers;
using FlussLake.Tests;

namespace FlussLake.Embedded.Tests;

[CollectionDefinition(nameof(StarvationTests), DisableParallelization = true)]
[Collection(nameof(StarvationTests))]
public sealed class StarvationTests
{
    [Fact]
    public void A_server_starts_serves_and_stops_while_no_thread_pool_thread_is_free()
    {
        Assert.True(StarvedThreadPool.TryRun(UseEverything, TimeSpan.FromSeconds(60), out Exception? failure), "A call waits for the thread pool.");
        Assert.Null(failure);
    }

    private static void UseEverything()
    {
        EmbeddedFluss fluss = EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TabletServers = 2 }).GetAwaiter().GetResult();
        TableInfo table = fluss.CreateOrders();
        fluss.Faults.MoveLeaderAsync(Shop.Orders, 0, 1).GetAwaiter().GetResult();
        using Wire tablet = Wire.ToTablet(fluss, 1);
        tablet.Append(table, Batches.Of(0, 5));
        using Wire reader = Wire.ToTablet(fluss, 1);
        reader.Send(Client.Protocol.ApiKey.FetchLog, Shop.Fetch(table, 5, minBytes: 1, maxWait: 60_000));
        tablet.Append(table, Batches.Of(5, 5));
        Assert.NotNull(reader.Receive());
        fluss.Faults.Delay(TimeSpan.FromMilliseconds(50), Faults.FlussApi.FetchLog);
        using FlussClient client = fluss.Client();
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8, 9], client.ReadIds(Shop.Orders));
        fluss.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
