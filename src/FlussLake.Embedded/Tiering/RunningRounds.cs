namespace FlussLake.Embedded.Tiering;

/// <summary>The rounds that are under way, so that a server that stops can end them before it lets go of what they use.</summary>
internal sealed class RunningRounds : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _count;
    private bool _disposed;

    public RunningRounds() => Stopping = _stopping.Token;

    /// <summary>Is cancelled when rounds are to end.</summary>
    public CancellationToken Stopping { get; }

    /// <exception cref="ObjectDisposedException">The server was stopped.</exception>
    public void Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedFluss));
            _count++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _count--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets no round begin any more, asks those that run to end, and waits until they have.</summary>
    public void Dispose()
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_disposed;
            _disposed = true;
        }

        if (isFirst)
        {
            _stopping.Cancel();
        }

        lock (_gate)
        {
            while (_count > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        if (isFirst)
        {
            _stopping.Dispose();
        }
    }
}
