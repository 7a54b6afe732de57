namespace FlussLake.Data.DuckDb;

/// <summary>How long one thread has worked for a log scan, and how long it has waited for it. Belongs to that thread.</summary>
internal sealed class WorkAndWait(TimeProvider time)
{
    /// <summary>What a thread may wait without having worked: what a server that has to be connected to needs for its first answer.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(250);

    private long _since;
    private TimeSpan _worked;
    private TimeSpan _waited;

    /// <summary>How much longer the thread may wait until it has waited longer than it has worked; never negative.</summary>
    public TimeSpan Patience => FirstPatience + _worked > _waited ? FirstPatience + _worked - _waited : TimeSpan.Zero;

    /// <summary>The thread waits from now on.</summary>
    public void Wait()
    {
        long now = time.GetTimestamp();
        _worked += _since == 0 ? TimeSpan.Zero : time.GetElapsedTime(_since, now);
        _since = now;
    }

    /// <summary>The thread works from now on.</summary>
    public void Work()
    {
        long now = time.GetTimestamp();
        _waited += time.GetElapsedTime(_since, now);
        _since = now;
    }
}
