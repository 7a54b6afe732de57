using System.Collections.Concurrent;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>Runs work on threads that are not the thread pool's, all started at once.</summary>
internal static class OwnThreads
{
    /// <summary>Runs <paramref name="work"/> with each number below <paramref name="count"/> on a thread of its own.</summary>
    /// <returns>What the threads threw.</returns>
    public static List<Exception> Run(int count, Action<int> work)
    {
        ConcurrentQueue<Exception> failures = new();
        using Barrier start = new(count);
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    work(number);
                }
                catch (Exception failure)
                {
                    failures.Enqueue(failure);
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return [.. failures];
    }
}
