using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

[CollectionDefinition(nameof(StarvationTests), DisableParallelization = true)]
[Collection(nameof(StarvationTests))]
public sealed class StarvationTests
{
    [Fact]
    public void A_server_starts_serves_and_stops_while_no_thread_pool_thread_is_free()
    {
        ThreadPool.GetMaxThreads(out int workers, out int ports);
        ThreadPool.GetMinThreads(out int minWorkers, out int minPorts);

        // Not disposed: blockers that are still queued at the end find it set.
        ManualResetEventSlim release = new();
        int free = -1;
        int blocked = 0;
        Assert.True(ThreadPool.SetMinThreads(Environment.ProcessorCount, minPorts));
        Assert.True(ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports));
        try
        {
            for (int i = 0; i < 64; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        Interlocked.Increment(ref blocked);
                        release.Wait();
                    },
                    null);
            }

            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref blocked) > 0, TimeSpan.FromSeconds(20)));
            ThreadPool.UnsafeQueueUserWorkItem(_ => Interlocked.Increment(ref free), null);
            Exception? failure = null;
            Thread worker = new(() => failure = Record.Exception(UseEverything));
            worker.Start();
            Assert.True(worker.Join(TimeSpan.FromSeconds(60)), "A call waits for the thread pool.");
            Assert.Null(failure);
            Assert.Equal(-1, Volatile.Read(ref free));
        }
        finally
        {
            release.Set();
            ThreadPool.SetMaxThreads(workers, ports);
            ThreadPool.SetMinThreads(minWorkers, minPorts);
        }
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
