using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client.Log;

public sealed partial class LogScan
{
    /// <summary>Takes an answer apart: finds the bucket, walks the headers of its batches, cuts at both ends and asks on. Runs on a connection's read thread.</summary>
    internal void OnAnswer(BucketFetch bucket, ServerAddress server, PooledFrame frame, int bodyStart)
    {
        bool handedOver = false;
        try
        {
            handedOver = TakeAnswer(bucket, server, frame, bodyStart);
        }
        catch (FlussException exception) when (exception.Code is FlussErrorCode.CorruptRecord or FlussErrorCode.CorruptMessage)
        {
            OnDamage(bucket, exception);
        }
        catch (FlussException exception)
        {
            Fail(exception);
        }
        catch (FormatException exception)
        {
            OnDamage(bucket, RpcErrors.UnreadableAnswer(ApiKey.FetchLog, $"{FlussClient.Name(_table.Path, bucket.Bucket)}, offset {bucket.NextText}", server, exception));
        }
#pragma warning disable CA1031 // Whatever it is, takers must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(Unforeseen(bucket, exception));
        }
        finally
        {
            if (!handedOver)
            {
                frame.Dispose();
            }
        }
    }

    // True where the frame now belongs to its batches.
    private bool TakeAnswer(BucketFetch bucket, ServerAddress server, PooledFrame frame, int bodyStart)
    {
        ReadOnlyMemory<byte> body = frame.Memory[bodyStart..];
        string name = FlussClient.Name(_table.Path, bucket.Bucket);
        if (!FetchLogResponseReader.TryFind(body.Span, bucket.Bucket, out FetchLogBucketAnswer answer))
        {
            throw new FlussException($"{server} answered a request for {name} without naming the bucket.", FlussErrorCode.CorruptMessage);
        }

        if (answer.ErrorCode != 0)
        {
            OnFailure(bucket, RpcErrors.FromServer(ApiKey.FetchLog, $"{name}, offset {bucket.NextText}", server, answer.ErrorCode, answer.ErrorMessage, hasCredentials: true));
            return false;
        }

        ReadOnlyMemory<byte> records = body[answer.Records];
        Interlocked.Add(ref _bytesFetched, records.Length);
        if (answer.RemoteLog is { } remote && records.IsEmpty)
        {
            throw new FlussException(
                $"{name}: the log at offset {bucket.NextText} lies in remote storage ({remote.RemoteLogSegments.Count} segments), which is not supported yet.",
                FlussErrorCode.UnsupportedVersion);
        }

        List<LogScanBatch> batches = [];
        FetchedFrame shared = new(this, frame);
        long next = BatchWalk.Run(name, new LogRange(bucket.Bucket, bucket.Next, bucket.End), shared, records, _projection is not null, batches);
        if (next == bucket.Next)
        {
            OnNoBatch(bucket, name, server, records.Span, answer.HighWatermark);
            return false;
        }

        return Accept(bucket, shared, batches, next);
    }

    private bool Accept(BucketFetch bucket, FetchedFrame frame, List<LogScanBatch> batches, long next)
    {
        long change;
        bool kept = batches.Count > 0;
        lock (_gate)
        {
            if (StoppedLocked)
            {
                return false;
            }

            // From now on the buffer counts as what it is.
            change = (kept ? frame.Frame.Capacity : 0) - bucket.Reserved;
            _held += change;
            bucket.Reserved = 0;
            bucket.Request = null;
            bucket.Next = next;
            bucket.MaxBytes = Math.Max(bucket.MaxBytes, (int)Math.Min(bucket.MaxBytes * 2L, _client.Options.MaxFetchBytes));
            bucket.WaitingSince = 0;
            bucket.Failures = 0;
            bucket.Damages = 0;
            _underWay--;
            if (next >= bucket.End)
            {
                _unfinished--;
            }
            else
            {
                LineUpLocked(bucket);
            }

            if (kept)
            {
                frame.Share(batches.Count);
                foreach (LogScanBatch batch in batches)
                {
                    _ready.Enqueue(batch);
                }
            }

            _batchesFetched += batches.Count;
            _memory.Adjust(change);
            Monitor.PulseAll(_gate);
        }

        if (change < 0)
        {
            _memory.Release(0);
        }

        Pump();
        return kept;
    }

    private void OnNoBatch(BucketFetch bucket, string name, ServerAddress server, ReadOnlySpan<byte> records, long? highWatermark)
    {
        if (records.Length > 0)
        {
            Enlarge(bucket, name, server, records);
            AskAgain(bucket, TimeSpan.Zero, null);
            return;
        }

        if (bucket.Next == LogRange.Earliest && highWatermark >= bucket.End)
        {
            // Everything below the end may have expired, and then no batch will ever come.
            _ = MoveToEarliestAsync(bucket);
            return;
        }

        bool quick = bucket.Request is { } request && Time.GetElapsedTime(request.SentAt) < s_quickAnswer;
        AskAgain(bucket, quick ? FlussClient.Pause(bucket.Failures) : TimeSpan.Zero, null);
    }

    // The first batch did not fit into the size that was asked for.
    private void Enlarge(BucketFetch bucket, string name, ServerAddress server, ReadOnlySpan<byte> records)
    {
        int limit = _client.Options.MaxResponseBytes - 4096;
        long needed = records.Length < 12 ? bucket.MaxBytes * 2L : System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(records[8..]) + 12L;
        if (needed <= bucket.MaxBytes)
        {
            needed = bucket.MaxBytes * 2L;
        }

        if (needed > limit)
        {
            throw new FlussException(
                $"{name}: {server} holds a batch at offset {bucket.NextText} that needs an answer of {needed} bytes; MaxResponseBytes allows {_client.Options.MaxResponseBytes}.",
                FlussErrorCode.RecordTooLarge);
        }

        bucket.MaxBytes = (int)needed;
    }

    private async Task MoveToEarliestAsync(BucketFetch bucket)
    {
        int number = bucket.Bucket.Bucket;
        IReadOnlyDictionary<int, long> earliest;
        try
        {
            earliest = await _client.ListOffsetsAsync(_table, bucket.Bucket.PartitionId, [number], OffsetSpec.Earliest, CancellationToken.None).ConfigureAwait(false);
        }
        catch (FlussException exception)
        {
            OnFailure(bucket, exception);
            return;
        }
#pragma warning disable CA1031 // Whatever it is, takers must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(Unforeseen(bucket, exception));
            return;
        }

        lock (_gate)
        {
            if (StoppedLocked)
            {
                return;
            }

            if (earliest[number] < bucket.End)
            {
                bucket.Next = earliest[number];
            }
            else
            {
                _held -= bucket.Reserved;
                _memory.Adjust(-bucket.Reserved);
                bucket.Reserved = 0;
                bucket.Request = null;
                _underWay--;
                _unfinished--;
                Monitor.PulseAll(_gate);
            }
        }

        if (earliest[number] < bucket.End)
        {
            AskAgain(bucket, TimeSpan.Zero, null);
        }
        else
        {
            _memory.Release(0);
            Pump();
        }
    }
}
