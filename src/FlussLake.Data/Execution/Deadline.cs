namespace FlussLake.Data.Execution;

/// <summary>Something that <see cref="Deadlines"/> does at a given time, unless it is disposed before.</summary>
internal sealed class Deadline(long due, long id, Action action) : IDisposable
{
    private Action? _action = action;

    public long Due { get; } = due;

    public long Id { get; } = id;

    /// <summary>Does it, once.</summary>
    public void Fire() => Interlocked.Exchange(ref _action, null)?.Invoke();

    /// <summary>Prevents it. What it would have used is not held any longer, even while the thread of deadlines still looks at this one.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _action, null);
        Deadlines.Remove(this);
    }
}
