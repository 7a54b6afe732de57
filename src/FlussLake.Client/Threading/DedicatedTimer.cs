namespace FlussLake.Client.Threading;

/// <summary>A timer of <see cref="DedicatedTimeProvider"/>. A change leaves the old entry in the queue; its version tells that it is void.</summary>
internal sealed class DedicatedTimer(DedicatedTimeProvider provider, TimerCallback callback, object? state, bool runInline) : ITimer
{
    private readonly Lock _gate = new();
    private TimerCallback? _callback = callback;
    private object? _state = state;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private int _version;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        int version;
        lock (_gate)
        {
            if (_callback is null)
            {
                return false;
            }

            version = ++_version;
            _period = period;
        }

        if (dueTime >= TimeSpan.Zero)
        {
            provider.Schedule(this, version, provider.After(dueTime));
        }

        return true;
    }

    public void Fire(int version)
    {
        TimerCallback? callback;
        object? state;
        bool again;
        lock (_gate)
        {
            if (version != _version || _callback is null)
            {
                return;
            }

            callback = _callback;
            state = _state;
            again = _period > TimeSpan.Zero;
        }

        if (again)
        {
            provider.Schedule(this, version, provider.After(_period));
        }

        if (runInline)
        {
            callback(state);
        }
        else
        {
            DispatchThreads.Post(static work => ((DedicatedTimer)work!).Run(), this);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _version++;
            _callback = null;
            _state = null;
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        TimerCallback? callback;
        object? state;
        lock (_gate)
        {
            callback = _callback;
            state = _state;
        }

        callback?.Invoke(state);
    }
}
