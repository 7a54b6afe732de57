using FlussLake.Client.Buffers;
using FlussLake.Client.Threading;

namespace FlussLake.Client.Write;

internal sealed partial class AppendPipeline
{
    // Encoders keep the memory of their last batch; more than these at rest are not worth it.
    private const int MaxIdleEncoders = 8;

    private readonly HashSet<BucketAppender> _open = [];
    private readonly Stack<LogBatchEncoder> _idle = new();
    private readonly ITimer _linger;
    private bool _lingerArmed;

    // An encoded batch may be somewhat larger than it was estimated, where nothing can be compressed.
    private long LargestEstimate => _options.LargestBatch - (_options.LargestBatch / 16);

    /// <summary>Appends a row: at once where there is room and its partition is known, which allocates nothing.</summary>
    public ValueTask AppendAsync(FlussRow row, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        try
        {
            return TryAppend(row) is { } obstacle ? new ValueTask(AppendLaterAsync(row, obstacle, cancellationToken)) : ValueTask.CompletedTask;
        }
        catch (Exception exception) when (exception is FlussException or ArgumentException or ObjectDisposedException)
        {
            return ValueTask.FromException(exception);
        }
    }

    private async Task AppendLaterAsync(FlussRow row, Task obstacle, CancellationToken cancellationToken)
    {
        for (Task? next = obstacle; next is not null; next = TryAppend(row))
        {
            await CallerCancellation.WaitAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Appends a row, or gives what has to be awaited before it can be appended.</summary>
    private Task? TryAppend(FlussRow row)
    {
        Task? obstacle;
        bool pump = false;
        try
        {
            lock (_gate)
            {
                ThrowIfUnusableLocked();
                obstacle = AppendLocked(row, ref pump);
                if (_failure is not null)
                {
                    ThrowIfUnusableLocked();
                }
            }
        }
        finally
        {
            // Also for a row that was refused: making room for it may have completed batches.
            if (pump)
            {
                Pump();
            }
        }

        return obstacle;
    }

    private Task? AppendLocked(FlussRow row, ref bool pump)
    {
        if (_bufferedBytes >= _options.BufferMemory)
        {
            // What is open would wait for rows that cannot come.
            pump = SealAllLocked();
            if (_stopped)
            {
                return null;
            }

            if (_bufferedBytes >= _options.BufferMemory)
            {
                return (_room ??= new TaskCompletionSource()).Task;
            }
        }

        Task? opening = null;
        if ((_whole ?? FindPartitionLocked(row, out opening)) is not { } partition)
        {
            return opening;
        }

        BucketAppender bucket = partition.Bucket(_chooser.Choose(row, partition));
        if (!TryPutLocked(bucket, row))
        {
            // More than servers take together; the row begins the next batch.
            pump = true;
            SealLocked(bucket);
            if (_stopped)
            {
                return null;
            }

            TryPutLocked(bucket, row);
        }

        Interlocked.Increment(ref _rowsAppended);
        if (bucket.OpenBytes >= _options.BatchBytes)
        {
            SealLocked(bucket);
            pump = true;
        }

        return null;
    }

    // Puts a row into the open batch; false where the batch has rows already, and could not be sent with this one.
    private bool TryPutLocked(BucketAppender bucket, FlussRow row)
    {
        LogBatchEncoder open = bucket.Open ?? OpenLocked(bucket);
        try
        {
            open.Append(row);
            if (open.EstimatedBytes > LargestEstimate)
            {
                if (open.RowCount > 1)
                {
                    open.TakeBack();
                    return false;
                }

                RefuseTooLarge(open);
            }
        }
        catch when (open.RowCount <= 1 && bucket.OpenBytes == 0)
        {
            bucket.Open = null;
            _open.Remove(bucket);
            GiveBackLocked(open);
            throw;
        }

        long bytes = open.EstimatedBytes;
        _bufferedBytes += bytes - bucket.OpenBytes;
        bucket.OpenBytes = bytes;
        return true;
    }

    // Compressed, a row may fit all the same.
    private void RefuseTooLarge(LogBatchEncoder row)
    {
        long bytes = row.EstimatedBytes;
        try
        {
            using EncodedLogBatch encoded = row.Encode(-1, -1);
            bytes = encoded.Length;
        }
        catch (FlussException exception) when (exception.Code == FlussErrorCode.RecordTooLarge)
        {
            throw ValueErrors.RowTooLarge(_table.Path, bytes, _options.LargestBatch);
        }

        if (bytes > _options.LargestBatch)
        {
            throw ValueErrors.RowTooLarge(_table.Path, bytes, _options.LargestBatch);
        }
    }

    private LogBatchEncoder OpenLocked(BucketAppender bucket)
    {
        LogBatchEncoder open = _idle.TryPop(out LogBatchEncoder? idle) ? idle : _createEncoder();
        bucket.Open = open;
        bucket.OpenBytes = 0;
        bucket.OpenedAt = Time.GetTimestamp();
        _open.Add(bucket);
        if (!_lingerArmed)
        {
            _lingerArmed = true;
            _linger.Change(_options.Linger, Timeout.InfiniteTimeSpan);
        }

        return open;
    }

    private void GiveBackLocked(LogBatchEncoder encoder)
    {
        if (_stopped || _idle.Count >= MaxIdleEncoders)
        {
            encoder.Dispose();
            return;
        }

        encoder.Reset();
        _idle.Push(encoder);
    }

    private bool SealAllLocked()
    {
        bool any = _open.Count > 0;
        foreach (BucketAppender bucket in _open.ToArray())
        {
            if (!_stopped)
            {
                SealLocked(bucket);
            }
        }

        return any;
    }

    // Completes the open batch: from here on its bytes stay the same, whatever happens.
    private void SealLocked(BucketAppender bucket)
    {
        LogBatchEncoder open = bucket.Open!;
        bucket.Open = null;
        _open.Remove(bucket);
        long index = bucket.NextIndex++;
        PooledFrame bytes;
        try
        {
            // A copy in a buffer of its size: the encoder's own is as large as the batch is uncompressed.
            using EncodedLogBatch encoded = open.Encode(_writerId, IsIdempotent ? WriteBatch.Sequence(index) : -1);
            if (encoded.Length > _options.LargestBatch)
            {
                throw AppendErrors.TooLarge(encoded.Length, _options.LargestBatch);
            }

            bytes = FramePool.Shared.Rent(encoded.Length);
            encoded.Bytes.Span.CopyTo(bytes.Span);
        }
        catch (FlussException exception)
        {
            open.Dispose();
            FailLocked(bucket, exception);
            return;
        }

        bucket.Batches.Add(new WriteBatch(bucket, index, _nextNumber++, bytes, open.RowCount, Time.After(_options.DeliveryTimeout)));
        _bufferedBytes += bytes.Length - bucket.OpenBytes;
        _unacknowledged++;
        GiveBackLocked(open);
        LineUpLocked(bucket);
        if (_bufferedBytes < _options.BufferMemory)
        {
            WakeLocked();
        }
    }

    private void SealLingering()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            long now = Time.GetTimestamp();
            TimeSpan? next = null;
            foreach (BucketAppender bucket in _open.ToArray())
            {
                TimeSpan left = _options.Linger - Time.GetElapsedTime(bucket.OpenedAt, now);
                if (left <= TimeSpan.Zero)
                {
                    SealLocked(bucket);
                    if (_stopped)
                    {
                        return;
                    }
                }
                else if (next is null || left < next)
                {
                    next = left;
                }
            }

            _lingerArmed = next is not null;
            if (next is { } wait)
            {
                _linger.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        Pump();
    }
}
