namespace FlussLake.Data.Sessions;

/// <summary>
/// One execution of a command, from before its text is prepared until its reader is closed: the token that stops its fetches, the first failure that a DuckDB callback
/// kept for it, and what it has to give back.
/// </summary>
internal sealed class StatementScope : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private HashSet<IDisposable>? _resources = [];
    private Exception? _failure;
    private Func<string>? _waitsFor;

    public StatementScope(bool isSingle = true)
    {
        IsSingle = isSingle;
        Token = _stop.Token;
    }

    /// <summary>Trips when the statement is cancelled, timed out or closed. Whatever a callback waits for must honour it.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the command has one statement only.</summary>
    public bool IsSingle { get; }

    /// <summary>What a callback waits for now, for the message of a time-out; null while nothing of ours is waited for.</summary>
    public Func<string>? WaitsFor
    {
        get => Volatile.Read(ref _waitsFor);
        set => Volatile.Write(ref _waitsFor, value);
    }

    /// <summary>The first failure of a callback, with its own type, or null. DuckDB reports the same failure as text only.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Keeps the first failure of a callback.</summary>
    public void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    /// <summary>Stops everything that waits on behalf of this statement. May be called from any thread, any number of times, also after the end.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The statement has ended already.
        }
    }

    /// <summary>Makes the statement's end dispose <paramref name="resource"/>; where the statement has ended already, it is disposed at once.</summary>
    public void Track(IDisposable resource)
    {
        lock (_gate)
        {
            if (_resources is not null)
            {
                _resources.Add(resource);
                return;
            }
        }

        resource.Dispose();
    }

    /// <summary>Forgets a resource that its owner disposed itself.</summary>
    public void Untrack(IDisposable resource)
    {
        lock (_gate)
        {
            _resources?.Remove(resource);
        }
    }

    /// <summary>Ends the statement: trips <see cref="Token"/> and disposes what was tracked.</summary>
    public void Dispose()
    {
        HashSet<IDisposable>? resources;
        lock (_gate)
        {
            resources = _resources;
            _resources = null;
        }

        if (resources is null)
        {
            return;
        }

        _stop.Cancel();
        foreach (IDisposable resource in resources)
        {
            resource.Dispose();
        }

        _stop.Dispose();
    }
}
