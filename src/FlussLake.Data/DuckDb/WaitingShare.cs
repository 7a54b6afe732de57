namespace FlussLake.Data.DuckDb;

/// <summary>
/// How many of DuckDB's threads may wait for the network on behalf of one log scan for as long as it takes: half of them, at least one. A thread that waits is lost to the
/// instance's other statements meanwhile; any further one stays with the scan only while it works more than it waits.
/// </summary>
internal sealed class WaitingShare(int threads)
{
    private readonly int _most = Math.Max(1, threads / 2);
    private int _waiting;

    /// <summary>Counts one more thread that waits; false where as many wait as may.</summary>
    public bool TryEnter()
    {
        int waiting = Volatile.Read(ref _waiting);
        while (waiting < _most)
        {
            int seen = Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting);
            if (seen == waiting)
            {
                return true;
            }

            waiting = seen;
        }

        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);
}
