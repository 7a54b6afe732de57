namespace FlussLake.Client.Threading;

/// <summary>
/// The threads that complete requests, one set for the process. Callers may block inside DuckDB callbacks on starved thread-pool threads, so nothing that they wait for
/// may need a pool thread: tasks are completed here, and their continuations run here. A continuation that blocks holds one thread; when all are held while work waits,
/// another is added, one at a time, so that no chain of blocked continuations can stop the rest.
/// </summary>
internal static class DispatchThreads
{
    // As many start at once; further ones only when no work was taken for a whole check interval.
    private const int Eager = 4;
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_idleLifetime = TimeSpan.FromSeconds(20);

    private static readonly object s_gate = new();
    private static readonly Queue<(Action<object?> Work, object? State)> s_queue = new();
    private static int s_threads;
    private static int s_idle;
    private static long s_taken;
    private static long s_takenAtCheck;
    private static ITimer? s_check;
    private static bool s_checking;

    /// <summary>Runs work soon on one of the threads. Never blocks, never runs the work inline.</summary>
    public static void Post(Action<object?> work, object? state)
    {
        lock (s_gate)
        {
            s_queue.Enqueue((work, state));
            if (s_idle >= s_queue.Count)
            {
                Monitor.Pulse(s_gate);
            }
            else if (s_threads < Eager)
            {
                StartThread();
            }
            else if (!s_checking)
            {
                s_checking = true;
                s_takenAtCheck = s_taken;
                s_check ??= DedicatedTimeProvider.Instance.CreateInlineTimer(static _ => Check());
                s_check.Change(s_checkInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static void Check()
    {
        lock (s_gate)
        {
            if (s_queue.Count == 0)
            {
                s_checking = false;
                return;
            }

            if (s_taken == s_takenAtCheck)
            {
                StartThread();
            }

            s_takenAtCheck = s_taken;
            s_check!.Change(s_checkInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private static void StartThread()
    {
        s_threads++;
        Thread thread = new(Run) { IsBackground = true, Name = "FlussLake dispatch" };
        thread.UnsafeStart();
    }

    private static void Run()
    {
        while (TryTake(out Action<object?>? work, out object? state))
        {
            try
            {
                work(state);
            }
#pragma warning disable CA1031 // The failure of one continuation is not the failure of the requests that this thread completes next.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    private static bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Action<object?>? work, out object? state)
    {
        lock (s_gate)
        {
            while (s_queue.Count == 0)
            {
                s_idle++;
                bool signalled = Monitor.Wait(s_gate, s_idleLifetime);
                s_idle--;
                if (!signalled && s_queue.Count == 0 && s_threads > 1)
                {
                    s_threads--;
                    work = null;
                    state = null;
                    return false;
                }
            }

            s_taken++;
            (work, state) = s_queue.Dequeue();
            return true;
        }
    }
}
