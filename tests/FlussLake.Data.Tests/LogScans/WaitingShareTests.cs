using FlussLake.Data.DuckDb;

namespace FlussLake.Data.Tests.LogScans;

/// <summary>How many of DuckDB's threads may wait for a log scan as long as it takes.</summary>
public sealed class WaitingShareTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(9, 4)]
    public void Half_of_the_threads_may_wait_and_at_least_one(int threads, int most)
    {
        WaitingShare share = new(threads);
        for (int i = 0; i < most; i++)
        {
            Assert.True(share.TryEnter());
        }

        Assert.False(share.TryEnter());
        Assert.False(share.TryEnter());
        share.Leave();
        Assert.True(share.TryEnter());
        Assert.False(share.TryEnter());
    }

    [Fact]
    public void Threads_that_come_and_go_at_once_are_never_more_than_may_be_and_leave_no_trace()
    {
        const int Most = 3;
        WaitingShare share = new(2 * Most);
        int inside = 0;
        int largest = 0;
        using Barrier start = new(8);
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < 20_000; i++)
            {
                if (share.TryEnter())
                {
                    InterlockedMax(ref largest, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                    share.Leave();
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.InRange(largest, 1, Most);
        Assert.All(Enumerable.Range(0, Most), _ => Assert.True(share.TryEnter()));
        Assert.False(share.TryEnter());
    }

    private static void InterlockedMax(ref int largest, int value)
    {
        int seen = Volatile.Read(ref largest);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref largest, value, seen);
        }
    }
}
