using System.Runtime.ExceptionServices;

using FlussLake.Client.Metadata;
using FlussLake.Client.Rpc;
using FlussLake.Client.Threading;

using Microsoft.Extensions.Logging;

namespace FlussLake.Client.Write;

/// <summary>
/// What an append writer is made of: rows go into the open batch of their bucket; complete batches go to the buckets' leaders, several at a time, each bucket's in order;
/// answers free their memory. One gate guards all state; nothing blocks under it, and whoever waits is woken from the dispatch threads.
/// </summary>
internal sealed partial class AppendPipeline
{
    private readonly Lock _gate = new();
    private readonly FlussClient _client;
    private readonly TableInfo _table;
    private readonly AppendWriterOptions _options;
    private readonly long _writerId;
    private readonly Func<LogBatchEncoder> _createEncoder;
    private readonly BucketChooser _chooser;
    private readonly PartitionNames? _names;
    private readonly ILogger _logger;
    private readonly Dictionary<string, PartitionAppender> _partitions = new(StringComparer.Ordinal);
    private readonly PartitionAppender? _whole;
    private readonly HashSet<PendingRequest> _requests = [];
    private readonly List<FlushWaiter> _flushes = [];
    private TaskCompletionSource? _room;
    private ExceptionDispatchInfo? _failure;
    private bool _failureWasThrown;
    private bool _closed;
    private bool _stopped;
    private long _bufferedBytes;
    private long _rowsAppended;
    private long _rowsAcknowledged;
    private long _nextNumber;
    private int _unacknowledged;

    public AppendPipeline(
        FlussClient client,
        TableInfo table,
        AppendWriterOptions options,
        long writerId,
        Func<LogBatchEncoder> createEncoder,
        BucketChooser chooser,
        PartitionNames? names,
        ILogger logger)
    {
        _client = client;
        _table = table;
        _options = options;
        _writerId = writerId;
        _createEncoder = createEncoder;
        _chooser = chooser;
        _names = names;
        _logger = logger;
        _whole = names is null ? new PartitionAppender(null, table.TableId, null, table.BucketCount) : null;
        _linger = Time.CreateTimer(static state => ((AppendPipeline)state!).SealLingering(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long RowsAppended => Interlocked.Read(ref _rowsAppended);

    public long RowsAcknowledged => Interlocked.Read(ref _rowsAcknowledged);

    /// <summary>What <see cref="AppendWriterOptions.BufferMemory"/> limits.</summary>
    public long BufferedBytes
    {
        get
        {
            lock (_gate)
            {
                return _bufferedBytes;
            }
        }
    }

    private static DedicatedTimeProvider Time => DedicatedTimeProvider.Instance;

    private bool IsIdempotent => _options.EnableIdempotence;

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task flushed;
        lock (_gate)
        {
            ThrowIfUnusableLocked();
            flushed = FlushLocked();
        }

        Pump();
        await CallerCancellation.WaitAsync(flushed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more rows, waits until all are acknowledged, and stops. A failure that nobody was told of is thrown.</summary>
    public async Task CloseAsync()
    {
        Task flushed;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            if (_failure is not null)
            {
                if (!_failureWasThrown)
                {
                    _failureWasThrown = true;
                    _failure.Throw();
                }

                return;
            }

            flushed = FlushLocked();
        }

        Pump();
        try
        {
            await flushed.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                StopLocked();
            }
        }
    }

    /// <summary>Stops at once: rows that are not on their way are dropped, and of requests under way nobody hears any more.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _closed = true;
            StopLocked();
        }
    }

    private Task FlushLocked()
    {
        SealAllLocked();
        if (_failure is not null)
        {
            _failureWasThrown = true;
            return Task.FromException(_failure.SourceException);
        }

        if (_unacknowledged == 0)
        {
            return Task.CompletedTask;
        }

        FlushWaiter waiter = new(_nextNumber - 1, _unacknowledged);
        _flushes.Add(waiter);
        return waiter.Completion.Task;
    }

    private void ThrowIfUnusableLocked()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(AppendWriter));
        if (_failure is not null)
        {
            _failureWasThrown = true;
            _failure.Throw();
        }
    }

    private void Fail(BucketAppender bucket, FlussException cause, bool isInDoubt = false)
    {
        lock (_gate)
        {
            FailLocked(bucket, cause, isInDoubt);
        }
    }

    private void FailLocked(BucketAppender bucket, FlussException cause, bool isInDoubt = false)
    {
        if (_stopped)
        {
            return;
        }

        long inDoubt = Buckets().SelectMany(static bucket => bucket.Batches).Where(static batch => batch.IsUnderWay || batch.IsInDoubt).Sum(static batch => (long)batch.RowCount);
        FlussException failure = AppendErrors.Failed(
            AppendErrors.Place(_table.Path, bucket), cause, AppendErrors.Why(cause.Code, isInDoubt), _rowsAppended, _rowsAcknowledged, inDoubt);
        _failure = ExceptionDispatchInfo.Capture(failure);
        foreach (FlushWaiter waiter in _flushes)
        {
            _failureWasThrown = true;
            DispatchThreads.Post(
                _ =>
                {
                    waiter.Completion.TrySetException(failure);

                    // Whoever waited may have given up meanwhile.
                    GC.KeepAlive(waiter.Completion.Task.Exception);
                },
                null);
        }

        _flushes.Clear();
        StopLocked();

        // Not under the gate: loggers run code of their own.
        DispatchThreads.Post(_ => ClientLog.WriterFailed(_logger, _table.Path, failure.Message), null);
    }

    // Gives everything back. Requests that are given up are answered into the void by their connections.
    private void StopLocked()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _linger.Dispose();
        foreach (PendingRequest request in _requests)
        {
            request.TryEnd();
        }

        _requests.Clear();
        foreach (BucketAppender bucket in Buckets())
        {
            bucket.Pause?.Dispose();
            bucket.Open?.Dispose();
            bucket.Open = null;
            foreach (WriteBatch batch in bucket.Batches)
            {
                batch.Bytes.Dispose();
            }

            bucket.Batches.Clear();
        }

        while (_idle.TryPop(out LogBatchEncoder? encoder))
        {
            encoder.Dispose();
        }

        _open.Clear();
        _ready.Clear();
        _unacknowledged = 0;
        _bufferedBytes = 0;
        WakeLocked();
    }

    // Whoever waits for room looks again.
    private void WakeLocked()
    {
        if (_room is { } room)
        {
            _room = null;
            DispatchThreads.Post(static room => ((TaskCompletionSource)room!).TrySetResult(), room);
        }
    }

    private IEnumerable<BucketAppender> Buckets() => _whole?.Buckets ?? _partitions.Values.SelectMany(static partition => partition.Buckets);
}
