namespace FlussLake.Client.Rpc;

/// <summary>How many requests of a client wait for an answer now.</summary>
internal sealed class RequestCounter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(int change) => Interlocked.Add(ref _count, change);
}
