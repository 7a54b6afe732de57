namespace FlussLake.Client.Threading;

/// <summary>
/// Timers that run on a thread of ours instead of the thread pool, one thread for the process. Request time-outs and the delays between retries come from here.
/// Callbacks run on <see cref="DispatchThreads"/>, so that a slow one delays no other timer.
/// </summary>
internal sealed class DedicatedTimeProvider : TimeProvider
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(DedicatedTimer Timer, int Version), long> _due = new();
    private Thread? _thread;

    private DedicatedTimeProvider()
    {
    }

    public static DedicatedTimeProvider Instance { get; } = new();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        DedicatedTimer timer = new(this, callback, state, runInline: false);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Creates an idle timer whose callback runs on the timer thread itself: it must be short and never block.</summary>
    internal ITimer CreateInlineTimer(TimerCallback callback, object? state = null) => new DedicatedTimer(this, callback, state, runInline: true);

    internal long After(TimeSpan delay) => GetTimestamp() + (long)(delay.TotalSeconds * TimestampFrequency);

    internal void Schedule(DedicatedTimer timer, int version, long due)
    {
        lock (_gate)
        {
            bool first = !_due.TryPeek(out _, out long earliest) || due < earliest;
            _due.Enqueue((timer, version), due);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "FlussLake timers" };
                _thread.UnsafeStart();
            }
            else if (first)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            DedicatedTimer timer;
            int version;
            lock (_gate)
            {
                long wait = 0;
                while (!_due.TryPeek(out _, out long due) || (wait = due - GetTimestamp()) > 0)
                {
                    if (_due.Count == 0)
                    {
                        Monitor.Wait(_gate);
                    }
                    else
                    {
                        Monitor.Wait(_gate, (int)Math.Min(int.MaxValue, (wait * 1000 / TimestampFrequency) + 1));
                    }
                }

                (timer, version) = _due.Dequeue();
            }

            timer.Fire(version);
        }
    }
}
