namespace FlussLake.Tests;

/// <summary>A thread pool whose threads are all held, as by callers that block.</summary>
internal static class StarvedThreadPool
{
    /// <summary>Runs work on a thread of its own while all threads of the pool are blocked.</summary>
    /// <param name="work">The work.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="failure">What it threw, or null.</param>
    /// <returns>False where it did not end in time; it has ended all the same, with the pool free again.</returns>
    public static bool TryRun(Action work, TimeSpan patience, out Exception? failure)
    {
        ThreadPool.GetMaxThreads(out int workers, out int ports);
        ThreadPool.GetMinThreads(out int minWorkers, out int minPorts);

        // Not disposed: blockers that are still queued at the end find it set.
        ManualResetEventSlim release = new();
        int free = -1;
        int blocked = 0;
        Exception? thrown = null;
        Thread worker = new(() => thrown = Record.Exception(work));
        bool ended;
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

            // Threads of the pool that the test host uses itself meet a blocker as soon as they are free. The last item tells whether any thread got past all of them.
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref blocked) > 0, TimeSpan.FromSeconds(20)));
            ThreadPool.UnsafeQueueUserWorkItem(_ => Interlocked.Increment(ref free), null);
            worker.Start();
            ended = worker.Join(patience);
            Assert.Equal(-1, Volatile.Read(ref free));
        }
        finally
        {
            release.Set();
            ThreadPool.SetMaxThreads(workers, ports);
            ThreadPool.SetMinThreads(minWorkers, minPorts);
        }

        worker.Join();
        failure = thrown;
        return ended;
    }
}
