using System.Diagnostics;

using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

public sealed class FetchMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static FakeCluster Filled(int buckets, int batches = 40, int payload = 900)
    {
        FakeCluster cluster = new(buckets: buckets);
        foreach (FakeBucket bucket in cluster.Buckets)
        {
            for (int i = 0; i < batches; i++)
            {
                bucket.Append(1, payload);
            }
        }

        return cluster;
    }

    private static void Until(Func<bool> condition)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(10), "The condition never came true.");
            Thread.Yield();
        }
    }

    [Fact]
    public void The_largest_limit_asked_for_holds()
    {
        FetchMemory memory = new(FetchMemory.DefaultLimit);
        memory.Ask(1 << 20);
        Assert.Equal(1 << 20, memory.Limit);
        memory.Ask(8 << 20);
        memory.Ask(2 << 20);
        Assert.Equal(8 << 20, memory.Limit);
    }

    [Fact]
    public void A_scan_with_an_empty_budget_reads_one_request_after_the_other_to_the_end()
    {
        using FakeCluster cluster = Filled(buckets: 3);
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 4096 });
        FetchMemory memory = new(0);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        int rows = 0;
        long most = 0;
        while (scan.TryTake(out LogScanBatch? batch, Token))
        {
            rows += batch.RowCount;
            most = Math.Max(most, memory.ReservedBytes);
            batch.Dispose();
        }

        Assert.Equal(120, rows);

        // What was taken last, and the one request that follows it.
        Assert.InRange(most, 1, 3 * 4608);
        Assert.Equal(0, memory.ReservedBytes);
    }

    [Fact]
    public void Paused_readers_do_not_stop_others()
    {
        using FakeCluster cluster = Filled(buckets: 2);
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 4096 });
        FetchMemory memory = new(8192);
        using LogScan paused = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        using LogScan alsoPaused = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(paused.TryTake(out LogScanBatch? held, Token));
        Assert.True(alsoPaused.TryTake(out LogScanBatch? alsoHeld, Token));
        Until(() => client.RequestsInFlight == 0 && memory.ReservedBytes >= memory.Limit);

        using LogScan reader = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        int rows = 0;
        while (reader.TryTake(out LogScanBatch? batch, Token))
        {
            rows += batch.RowCount;
            batch.Dispose();
        }

        Assert.Equal(80, rows);
        held.Dispose();
        alsoHeld.Dispose();
    }

    [Fact]
    public void A_reader_that_waits_for_budget_goes_on_when_another_gives_it_back()
    {
        using FakeCluster cluster = Filled(buckets: 2);
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 4096 });
        FetchMemory memory = new(12288);
        LogScan first = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(first.TryTake(out LogScanBatch? held, Token));
        Until(() => client.RequestsInFlight == 0 && memory.ReservedBytes + 4096 > memory.Limit);
        using LogScan second = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(second.TryTake(out LogScanBatch? one, Token));
        Until(() => client.RequestsInFlight == 0);
        int before = cluster.Servers[0].Count(ApiKey.FetchLog);
        held.Dispose();
        first.Dispose();

        // Nobody takes anything: the budget that came back is enough to go on.
        cluster.Servers[0].WaitFor(requests => requests.Count(request => request.Key == ApiKey.FetchLog) > before);
        one.Dispose();
    }

    [Fact]
    public void A_scan_reads_ahead_32_MiB_at_most()
    {
        using FakeCluster cluster = Filled(buckets: 12, batches: 5, payload: 1 << 20);
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 4 << 20 });
        FetchMemory memory = new(1L << 30);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(scan.TryTake(out LogScanBatch? batch, Token));
        Until(() => client.RequestsInFlight == 0);
        Assert.InRange(memory.ReservedBytes, 16 << 20, (32 << 20) + (8 * (1 << 20)));
        batch.Dispose();
        scan.Dispose();
        Assert.Equal(0, memory.ReservedBytes);
    }

    [Fact]
    public async Task Disposing_a_scan_gives_the_budget_back_at_once_and_late_answers_are_dropped()
    {
        using FakeCluster cluster = Filled(buckets: 2);
        using ManualResetEventSlim answer = new();
        int fetches = 0;
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.FetchLog && Interlocked.Increment(ref fetches) > 2)
            {
                answer.Wait(Token);
            }

            return false;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 4096 });
        FetchMemory memory = new(1 << 20);
        LogScan scan = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(scan.TryTake(out LogScanBatch? held, Token));
        Until(() => client.RequestsInFlight > 0 && Volatile.Read(ref fetches) > 2);
        byte[] bytes = held.Bytes.ToArray();
        scan.Dispose();
        Assert.Equal(0, client.RequestsInFlight);
        Assert.Throws<OperationCanceledException>(() => scan.TryTake(out _, Token));

        // The batch in hand stays as it is, and is all that is still reserved.
        Assert.InRange(memory.ReservedBytes, 4096, 4608);
        Assert.Equal(bytes, held.Bytes.ToArray());
        held.Dispose();
        Assert.Equal(0, memory.ReservedBytes);
        Assert.Throws<ObjectDisposedException>(() => held.Bytes.Length);

        // The late answers find nobody; the connection is as good as before.
        answer.Set();
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(0, memory.ReservedBytes);
        Assert.Equal(1, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public void Disposing_a_scan_wakes_those_who_wait_for_a_batch()
    {
        using FakeCluster cluster = Filled(buckets: 1);
        cluster.Intercept = (_, _, request) => request.Key == ApiKey.FetchLog;
        using FlussClient client = new(cluster.Options);
        LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Exception? ended = null;
        Thread taker = new(() => ended = Record.Exception(() => scan.TryTake(out _, Token)));
        taker.Start();
        cluster.Servers[0].WaitFor(requests => requests.Any(request => request.Key == ApiKey.FetchLog));
        scan.Dispose();
        Assert.True(taker.Join(TimeSpan.FromSeconds(1)));
        Assert.IsType<OperationCanceledException>(ended);
    }

    [Fact]
    public void A_batch_may_be_disposed_twice()
    {
        using FakeCluster cluster = Filled(buckets: 1, batches: 3);
        using FlussClient client = new(cluster.Options);
        FetchMemory memory = new(1 << 20);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll() with { Memory = memory });
        Assert.True(scan.TryTake(out LogScanBatch? first, Token));
        Assert.True(scan.TryTake(out LogScanBatch? second, Token));
        first.Dispose();
        first.Dispose();
        Assert.Equal(LogBatches.HeaderSize + 900, second.Bytes.Length);
        second.Dispose();
    }
}
