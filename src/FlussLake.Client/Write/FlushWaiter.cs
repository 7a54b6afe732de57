namespace FlussLake.Client.Write;

/// <summary>Somebody who waits until all batches up to a number are acknowledged.</summary>
internal sealed class FlushWaiter(long lastNumber, int remaining)
{
    private int _remaining = remaining;

    // Completed from the dispatch threads, where continuations may run inline; asynchronous ones would need the thread pool.
    public TaskCompletionSource Completion { get; } = new();

    /// <summary>Counts an acknowledged batch; true where it was the last one to wait for.</summary>
    public bool Count(WriteBatch batch) => batch.Number <= lastNumber && --_remaining == 0;
}
