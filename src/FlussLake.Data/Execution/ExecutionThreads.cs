using System.Diagnostics.CodeAnalysis;

namespace FlussLake.Data.Execution;

/// <summary>
/// The bounded set of threads that run DuckDB for the asynchronous methods. DuckDB's calls block, also while a scan waits for the network, so they must not sit on the
/// thread pool, whose other work they might wait for. Idle threads end after a while.
/// </summary>
internal static class ExecutionThreads
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);
    private static readonly int s_limit = Math.Max(8, 4 * Environment.ProcessorCount);
    private static readonly object s_gate = new();
    private static readonly Queue<Action> s_queue = new();
    private static int s_threads;
    private static int s_waiting;

    /// <summary>
    /// Runs <paramref name="work"/> on a thread of ours, in the caller's execution context. Once it runs, only the work itself ends it; before that a cancelled token
    /// or the end of <paramref name="timeout"/> completes the task.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="timeout">How long it may wait for a thread; zero or less means for ever.</param>
    /// <param name="cancellationToken">Cancels the wait for a thread.</param>
    /// <param name="stopped">Cancels it likewise: a token of ours.</param>
    public static Task<T> Run<T>(Func<T> work, TimeSpan timeout, CancellationToken cancellationToken, CancellationToken stopped = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        // What follows in the caller's code runs on the thread pool: it is the caller's, and our threads are few.
        WorkItem<T> item = new(work);
        item.Watch(timeout, cancellationToken, stopped);
        Post(item.Run);
        return item.Task;
    }

    /// <summary>Runs <paramref name="work"/> some time soon. Nobody learns of a failure.</summary>
    public static void Post(Action work)
    {
        lock (s_gate)
        {
            s_queue.Enqueue(work);
            if (s_waiting >= s_queue.Count)
            {
                Monitor.Pulse(s_gate);
                return;
            }

            if (s_threads >= s_limit)
            {
                return;
            }

            s_threads++;
        }

        new Thread(Loop) { IsBackground = true, Name = "FlussLake execution" }.UnsafeStart();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure must not end the thread, nor the process.")]
    private static void Loop()
    {
        while (true)
        {
            Action? work;
            lock (s_gate)
            {
                while (!s_queue.TryDequeue(out work))
                {
                    s_waiting++;
                    bool pulsed = Monitor.Wait(s_gate, s_idle);
                    s_waiting--;
                    if (!pulsed && s_queue.Count == 0)
                    {
                        s_threads--;
                        return;
                    }
                }
            }

            try
            {
                work();
            }
            catch (Exception)
            {
                // What a caller waits for keeps its own failure; nobody waits for the rest.
            }
        }
    }

    private sealed class WorkItem<T>(Func<T> work)
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private CancellationTokenRegistration _registration;
        private CancellationTokenRegistration _stopRegistration;
        private Deadline? _deadline;
        private int _claimed;

        public Task<T> Task => _completion.Task;

        public void Watch(TimeSpan timeout, CancellationToken cancellationToken, CancellationToken stopped)
        {
            if (timeout > TimeSpan.Zero)
            {
                _deadline = Deadlines.Schedule(timeout, () =>
                {
                    if (Claim())
                    {
                        _completion.TrySetException(FlussLakeException.TimedOut(timeout, null, null));
                    }
                });
            }

            _registration = cancellationToken.UnsafeRegister(Cancel, this);
            _stopRegistration = stopped.UnsafeRegister(Cancel, this);
        }

        public void Run()
        {
            bool claimed = Claim();
            _deadline?.Dispose();
            _registration.Dispose();
            _stopRegistration.Dispose();
            if (!claimed)
            {
                return;
            }

            if (_context is null)
            {
                Complete();
            }
            else
            {
                ExecutionContext.Run(_context, static state => ((WorkItem<T>)state!).Complete(), this);
            }
        }

        private static void Cancel(object? state, CancellationToken token)
        {
            WorkItem<T> item = (WorkItem<T>)state!;
            if (item.Claim())
            {
                item._completion.TrySetCanceled(token);
            }
        }

        private bool Claim() => Interlocked.Exchange(ref _claimed, 1) == 0;

        [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure belongs to the caller's task.")]
        private void Complete()
        {
            try
            {
                _completion.TrySetResult(work());
            }
            catch (OperationCanceledException cancelled)
            {
                if (!_completion.TrySetCanceled(cancelled.CancellationToken.IsCancellationRequested ? cancelled.CancellationToken : new CancellationToken(true)))
                {
                    throw;
                }
            }
            catch (Exception exception)
            {
                _completion.TrySetException(exception);
            }
        }
    }
}
