namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// The wanted columns of one log batch in native memory. It starts with one reference, which belongs to the caller of <see cref="LogBatchDecoder.Decode"/>; the
/// memory goes back to its pool with the last <see cref="Release"/>. References may be taken and released on any thread.
/// </summary>
internal sealed class DecodedLogBatch
{
    private readonly NativeSlabPool _pool;
    private readonly NativeSlab? _slab;
    private readonly DecodedColumn[] _columns;
    private int _references = 1;

    public DecodedLogBatch(int rowCount, DecodedColumn[] columns, NativeSlab? slab, NativeSlabPool pool)
    {
        RowCount = rowCount;
        _columns = columns;
        _slab = slab;
        _pool = pool;
    }

    public int RowCount { get; }

    /// <summary>The size of the native memory that the batch holds.</summary>
    public long NativeBytes => _slab?.Size ?? 0;

    /// <summary>The columns in the order in which the layout wants them.</summary>
    /// <exception cref="ObjectDisposedException">The last reference was released.</exception>
    public ReadOnlySpan<DecodedColumn> Columns
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) <= 0, this);
            return _columns;
        }
    }

    /// <summary>Takes one more reference. Only who holds a reference may do so.</summary>
    /// <exception cref="ObjectDisposedException">The last reference was released.</exception>
    public void AddReference()
    {
        int references = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(references <= 0, this);
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return;
            }

            references = seen;
        }
    }

    /// <summary>Gives one reference back.</summary>
    /// <exception cref="InvalidOperationException">There is no reference left.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left < 0)
        {
            // The memory may be another batch's by now: who releases too often must hear of it.
            Interlocked.Increment(ref _references);
            throw new InvalidOperationException("A decoded log batch was released more often than it was referenced.");
        }

        if (left == 0 && _slab is not null)
        {
            _pool.Return(_slab);
        }
    }
}
