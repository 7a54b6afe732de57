namespace FlussLake.Client.Log;

/// <summary>
/// One log batch of a scan, with the rows of it that lie inside the range. It lies in a pooled buffer: dispose it when its bytes are not needed any longer, and never use
/// them afterwards. Batches stay valid when their scan or client is disposed.
/// </summary>
public sealed class LogScanBatch : IDisposable
{
    private readonly ReadOnlyMemory<byte> _memory;
    private FetchedFrame? _frame;

    internal LogScanBatch(FetchedFrame frame, ReadOnlyMemory<byte> memory, TableBucket bucket, in LogBatchHeader header, int firstRow, int rowCount, bool isProjected)
    {
        _frame = frame;
        _memory = memory;
        Bucket = bucket;
        Header = header;
        FirstRow = firstRow;
        RowCount = rowCount;
        IsProjected = isProjected;
    }

    /// <summary>The bucket.</summary>
    public TableBucket Bucket { get; }

    /// <summary>The batch's header.</summary>
    public LogBatchHeader Header { get; }

    /// <summary>The whole batch, header included. The bytes are pinned.</summary>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _frame) is null, this);
            return _memory;
        }
    }

    /// <summary>The whole batch, header included.</summary>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public ReadOnlySpan<byte> Bytes => Memory.Span;

    /// <summary>The first row of the batch that lies inside the range; row i has the offset <c>Header.BaseOffset + i</c>.</summary>
    public int FirstRow { get; }

    /// <summary>How many rows from <see cref="FirstRow"/> on lie inside the range; at least 1.</summary>
    public int RowCount { get; }

    /// <summary>Whether the batch holds the projected columns only. Its CRC is then that of the whole batch, and was not checked.</summary>
    public bool IsProjected { get; }

    /// <summary>Gives the batch's share of the buffer back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _frame, null)?.Release();
}
