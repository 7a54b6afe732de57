using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

/// <summary>Takers of a log scan that do not wait for ever.</summary>
public sealed class PatienceTests : IDisposable
{
    private readonly FakeCluster _cluster = new();
    private readonly ManualResetEventSlim _answer = new();
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public PatienceTests()
    {
        // A taker that waits in spite of its patience fails its test instead of hanging.
        _deadline.CancelAfter(TimeSpan.FromSeconds(30));
        _cluster.Buckets[0].Append(2);
        _cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                _answer.Wait(_deadline.Token);
            }

            return false;
        };
    }

    public void Dispose()
    {
        _answer.Set();
        _cluster.Dispose();
        _deadline.Dispose();
        _answer.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void A_taker_whose_patience_is_over_gives_up_and_the_scan_goes_on(int milliseconds)
    {
        using FlussClient client = new(_cluster.Options);
        using LogScan scan = client.OpenLogScan(_cluster.ScanAll());

        Assert.Equal(TakeResult.GaveUp, scan.TryTake(TimeSpan.FromMilliseconds(milliseconds), out LogScanBatch? batch, _deadline.Token));
        Assert.Null(batch);

        _answer.Set();
        Assert.Equal(TakeResult.Taken, scan.TryTake(Timeout.InfiniteTimeSpan, out batch, _deadline.Token));
        using (batch)
        {
            Assert.Equal((0, 2), (batch!.FirstRow, batch.RowCount));
        }

        Assert.Equal(TakeResult.Finished, scan.TryTake(TimeSpan.Zero, out _, _deadline.Token));
    }

    [Fact]
    public void A_batch_that_is_there_is_taken_without_any_patience()
    {
        using FlussClient client = new(_cluster.Options);
        using LogScan scan = client.OpenLogScan(_cluster.ScanAll());
        Assert.Equal(TakeResult.GaveUp, scan.TryTake(TimeSpan.Zero, out _, _deadline.Token));
        _answer.Set();
        Assert.True(SpinWait.SpinUntil(() => scan.BatchesFetched == 1, TimeSpan.FromSeconds(20)));

        Assert.Equal(TakeResult.Taken, scan.TryTake(TimeSpan.Zero, out LogScanBatch? batch, _deadline.Token));
        batch!.Dispose();
    }

    [Fact]
    public void A_taker_without_patience_does_not_hide_a_cancellation_or_a_failure()
    {
        using FlussClient client = new(_cluster.Options);
        using LogScan scan = client.OpenLogScan(_cluster.ScanAll());
        Assert.ThrowsAny<OperationCanceledException>(() => scan.TryTake(TimeSpan.Zero, out _, new CancellationToken(true)));
        Assert.Equal(TakeResult.GaveUp, scan.TryTake(TimeSpan.Zero, out _, _deadline.Token));
        client.Dispose();
        Assert.True(SpinWait.SpinUntil(() => Record.Exception(() => scan.TryTake(TimeSpan.Zero, out _, _deadline.Token)) is FlussException, TimeSpan.FromSeconds(20)));
    }
}
