namespace FlussLake.Client.Rpc;

/// <summary>What the connections of one client have in common: how many requests wait for an answer now, and whether any server was ever reached.</summary>
internal sealed class ConnectionCounters
{
    private int _requests;
    private volatile bool _hasConnected;

    public int Requests => Volatile.Read(ref _requests);

    public bool HasConnected => _hasConnected;

    public void Add(int change) => Interlocked.Add(ref _requests, change);

    public void MarkConnected() => _hasConnected = true;
}
