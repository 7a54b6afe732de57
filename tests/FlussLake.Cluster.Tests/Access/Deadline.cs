using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>Runs what must end in time on a thread of its own, so that a test fails where it would hang.</summary>
internal static class Deadline
{
    /// <summary>Runs <paramref name="work"/> and rethrows what it threw; fails the test where it takes longer than <paramref name="limit"/>.</summary>
    public static TimeSpan Run(TimeSpan limit, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        Stopwatch clock = Stopwatch.StartNew();
        Thread thread = new(() =>
        {
            try
            {
                work();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(limit))
        {
            Assert.Fail($"It did not end within {limit}.");
        }

        failure?.Throw();
        return clock.Elapsed;
    }

    /// <summary>The exception that <paramref name="work"/> must end with within <paramref name="limit"/>.</summary>
    public static TException Throws<TException>(TimeSpan limit, Action work)
        where TException : Exception
    {
        TException? failure = null;
        Run(limit, () => failure = Assert.ThrowsAny<TException>(work));
        return failure!;
    }
}
