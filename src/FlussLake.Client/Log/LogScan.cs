using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

using FlussLake.Client.Metadata;

using Microsoft.Extensions.Logging;

namespace FlussLake.Client.Log;

/// <summary>
/// Reads captured ranges of a table's log, batch by batch, each record exactly once. Batches of one bucket come in the order of their offsets; buckets are mixed.
/// Safe for concurrent use: several threads may take batches.
/// </summary>
/// <remarks>
/// Each bucket has one request under way, and the next one leaves as soon as the headers of an answer are known. A scan reads ahead at most 32 MiB, taken from its
/// <see cref="FetchMemory"/>. A bucket is finished when its offset reaches the end of its range; an answer without records never ends it.
/// </remarks>
public sealed partial class LogScan : IDisposable
{
    private readonly FlussClient _client;
    private readonly TableInfo _table;
    private readonly int[]? _projection;
    private readonly FetchMemory _memory;
    private readonly ILogger _logger;

    // Guards everything below; takers wait on it.
    private readonly object _gate = new();
    private readonly List<BucketFetch> _buckets = [];
    private readonly Queue<BucketFetch> _wanting = new();
    private readonly Queue<LogScanBatch> _ready = new();
    private readonly List<LogScan> _secondReadings = [];
    private int _unfinished;
    private int _underWay;
    private long _held;
    private bool _started;
    private bool _disposed;
    private ExceptionDispatchInfo? _failure;
    private long _bytesFetched;
    private long _batchesFetched;

    internal LogScan(FlussClient client, LogScanOptions options, ILogger logger)
    {
        _client = client;
        _table = options.Table;
        _projection = options.ProjectedColumns?.ToArray();
        _memory = options.Memory;
        _logger = logger;
        foreach (LogRange range in options.Ranges)
        {
            if (range.End > Math.Max(range.Start, 0))
            {
                BucketFetch bucket = new(range, Math.Min(FirstFetchBytes, client.Options.MaxFetchBytes));
                _buckets.Add(bucket);
                LineUpLocked(bucket);
            }
        }

        _unfinished = _buckets.Count;
    }

    /// <summary>The bytes of log data that were received, including batches that were cut off or lay outside the ranges.</summary>
    public long BytesFetched => Interlocked.Read(ref _bytesFetched);

    /// <summary>The batches with rows inside the ranges that were received.</summary>
    public long BatchesFetched => Interlocked.Read(ref _batchesFetched);

    /// <summary>Takes the next batch. Blocks the calling thread until there is one; no thread-pool thread is needed meanwhile.</summary>
    /// <param name="batch">The batch, which is the caller's to dispose; null at the end.</param>
    /// <param name="cancellationToken">Stops the waiting; the scan can be used further.</param>
    /// <returns>False when all ranges are read.</returns>
    /// <exception cref="FlussException">The scan failed; every later call throws the same. The message names table, bucket and offset.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the scan was disposed.</exception>
    public bool TryTake([NotNullWhen(true)] out LogScanBatch? batch, CancellationToken cancellationToken = default)
        => TryTake(Timeout.InfiniteTimeSpan, out batch, cancellationToken) == TakeResult.Taken;

    /// <summary>Takes the next batch, and gives up where none has come after <paramref name="patience"/>.</summary>
    internal TakeResult TryTake(TimeSpan patience, out LogScanBatch? batch, CancellationToken cancellationToken)
    {
        batch = null;
        TakeResult result = Take(patience, ref batch, cancellationToken);
        if (batch is null)
        {
            return result;
        }

        // Here instead of on the read thread, so that several takers share the work. Projected batches carry the CRC of the whole batch.
        if (!batch.IsProjected && Crc32C.Compute(batch.Bytes[batch.Header.CrcStart..]) != batch.Header.Crc)
        {
            FlussException corrupt = new(
                $"{FlussClient.Name(_table.Path, batch.Bucket)}: the batch at offset {batch.Header.BaseOffset} is damaged, its checksum does not match.",
                FlussErrorCode.CorruptRecord);
            LogRange rows = new(batch.Bucket, batch.Header.BaseOffset + batch.FirstRow, batch.Header.BaseOffset + batch.FirstRow + batch.RowCount);
            batch.Dispose();
            batch = null;
            batch = ReadAgain(rows, corrupt, cancellationToken);
        }

        return result;
    }

    /// <summary>Stops the scan: waiting takers get an <see cref="OperationCanceledException"/>, requests are given up and memory goes back at once.</summary>
    public void Dispose()
    {
        List<LogScanBatch> dropped;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            dropped = StopLocked();
        }

        GiveBack(dropped);
    }

    private TakeResult Take(TimeSpan patience, ref LogScanBatch? batch, CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        CancellationTokenRegistration registration = default;
        bool registered = false;
        try
        {
            while (true)
            {
                bool pump = false;
                lock (_gate)
                {
                    ThrowIfStoppedLocked();
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!_started)
                    {
                        _started = true;
                        pump = true;
                    }
                    else if (_ready.TryDequeue(out batch))
                    {
                        // With nothing left to take, a request is allowed even where the budget has no room.
                        pump = _ready.Count == 0 && _underWay == 0 && _wanting.Count > 0;
                    }
                    else if (_unfinished == 0)
                    {
                        return TakeResult.Finished;
                    }
                    else if (registered || !cancellationToken.CanBeCanceled)
                    {
                        if (patience == Timeout.InfiniteTimeSpan)
                        {
                            Monitor.Wait(_gate);
                            continue;
                        }

                        TimeSpan left = patience - Time.GetElapsedTime(start);
                        if (left <= TimeSpan.Zero)
                        {
                            return TakeResult.GaveUp;
                        }

                        Monitor.Wait(_gate, (int)Math.Ceiling(left.TotalMilliseconds));
                        continue;
                    }
                }

                if (pump)
                {
                    Pump();
                }

                if (batch is not null)
                {
                    return TakeResult.Taken;
                }

                if (!registered && cancellationToken.CanBeCanceled)
                {
                    registered = true;
                    registration = cancellationToken.UnsafeRegister(static gate => PulseAll(gate!), _gate);
                }
            }
        }
        finally
        {
            // Outside the gate: it waits for the callback, which takes the gate.
            registration.Dispose();
        }
    }

    private void ThrowIfStoppedLocked()
    {
        _failure?.Throw();
        if (_disposed)
        {
            throw new OperationCanceledException("The log scan was disposed.");
        }
    }

    private static void PulseAll(object gate)
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    private void Fail(FlussException failure)
    {
        List<LogScanBatch> dropped;
        lock (_gate)
        {
            if (_disposed || _failure is not null)
            {
                return;
            }

            _failure = ExceptionDispatchInfo.Capture(failure);
            dropped = StopLocked();
        }

        ClientLog.ScanFailed(_logger, _table.Path, failure.Message);
        GiveBack(dropped);
    }

    // Ends everything under way. The requests that are given up are answered into the void by their connections.
    private List<LogScanBatch> StopLocked()
    {
        long released = 0;
        foreach (BucketFetch bucket in _buckets)
        {
            bucket.Request?.TryEnd();
            bucket.Request = null;
            bucket.Pause?.Dispose();
            released += bucket.Reserved;
            bucket.Reserved = 0;
        }

        _held -= released;
        _memory.Adjust(-released);
        _underWay = 0;
        _wanting.Clear();
        List<LogScanBatch> dropped = [.. _ready];
        _ready.Clear();
        Monitor.PulseAll(_gate);
        return dropped;
    }

    private void GiveBack(List<LogScanBatch> dropped)
    {
        _memory.Forget(this);
        EndSecondReadings();
        foreach (LogScanBatch batch in dropped)
        {
            batch.Dispose();
        }

        // Wakes the scans that wait for what was given back.
        _memory.Release(0);
    }
}
