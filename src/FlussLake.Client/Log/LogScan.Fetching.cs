using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Threading;

namespace FlussLake.Client.Log;

public sealed partial class LogScan
{
    private const long MaxReadAhead = 32L << 20;

    // Small, so that decoding starts while the server still reads; each answer doubles what the bucket is asked for next.
    private const int FirstFetchBytes = 2 << 20;

    // The protocol's catch-all error may pass, or not.
    private const int MaxUnknownErrors = 4;

    // Answers without data that come faster than this are not asked for again at once.
    private static readonly TimeSpan s_quickAnswer = TimeSpan.FromMilliseconds(20);

    private static DedicatedTimeProvider Time => DedicatedTimeProvider.Instance;

    private bool StoppedLocked => _disposed || _failure is not null;

    /// <summary>Sends the requests that the budget allows. Never blocks; any thread, but not under the gate.</summary>
    internal void Pump()
    {
        List<BucketFetch> granted = [];
        lock (_gate)
        {
            while (!StoppedLocked && _started && _wanting.TryPeek(out BucketFetch? bucket) && TryReserveLocked(bucket.MaxBytes))
            {
                _wanting.Dequeue();
                bucket.Reserved = bucket.MaxBytes;
                _held += bucket.MaxBytes;
                _underWay++;

                // Only the time that servers take counts as waiting, not the time that the budget takes.
                long now = Time.GetTimestamp();
                bucket.WaitingSince = bucket.WaitingSince == 0 ? now : bucket.WaitingSince + (now - bucket.LinedUpAt);

                granted.Add(bucket);
            }
        }

        foreach (BucketFetch bucket in granted)
        {
            if (_client.Metadata.TryGetLeader(bucket.Bucket, out ServerAddress leader))
            {
                Send(bucket, leader);
            }
            else
            {
                // Reports through OnFailure.
                _ = FindLeaderAndSendAsync(bucket);
            }
        }
    }

    internal void OnFrameReleased(long bytes)
    {
        bool pump;
        lock (_gate)
        {
            _held -= bytes;
            pump = _wanting.Count > 0;
        }

        _memory.Release(bytes);
        if (pump)
        {
            Pump();
        }
    }

    private bool TryReserveLocked(int bytes)
    {
        bool always = _underWay == 0 && _ready.Count == 0;
        return (always || _held + bytes <= MaxReadAhead) && _memory.TryReserve(bytes, always, this);
    }

    private async Task FindLeaderAndSendAsync(BucketFetch bucket)
    {
        ServerAddress leader;
        try
        {
            leader = await _client.LeaderAsync(_table.Path, bucket.Bucket, Time.After(_client.Options.RequestTimeout), CancellationToken.None).ConfigureAwait(false);
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

        Send(bucket, leader);
    }

    private void Send(BucketFetch bucket, ServerAddress leader)
    {
        FetchLogRequest body = new()
        {
            FollowerServerId = -1,
            MaxBytes = bucket.MaxBytes,
            MaxWaitMs = (int)_client.Options.MaxFetchWait.TotalMilliseconds,
            MinBytes = 1,
        };
        PbFetchLogReqForBucket part = new() { BucketId = bucket.Bucket.Bucket, FetchOffset = bucket.Next, MaxFetchBytes = bucket.MaxBytes };
        if (bucket.Bucket.PartitionId is { } partition)
        {
            part.PartitionId = partition;
        }

        PbFetchLogReqForTable table = new() { TableId = _table.TableId, ProjectionPushdownEnabled = _projection is not null, BucketsReq = { part } };
        if (_projection is not null)
        {
            table.ProjectedFields.AddRange(_projection);
        }

        body.TablesReq.Add(table);
        string subject = $"{FlussClient.Name(_table.Path, bucket.Bucket)}, offset {bucket.NextText}";
        long deadline = Time.After(_client.Options.RequestTimeout + _client.Options.MaxFetchWait);
        FetchRequest request = new(this, bucket, body, subject, deadline) { RequiredServer = ServerType.TabletServer };
        lock (_gate)
        {
            if (StoppedLocked)
            {
                return;
            }

            bucket.Request = request;
            bucket.Server = leader;
        }

        try
        {
            _client.Connections.Get(leader).Send(request);
        }
#pragma warning disable CA1031 // The client was disposed, or a thread could not be started: takers must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(Unforeseen(bucket, exception));
        }
    }

    /// <summary>Decides what a failed request means for its bucket: another attempt after a pause, or the end of the scan.</summary>
    internal void OnFailure(BucketFetch bucket, FlussException failure)
    {
        if (failure.Code == FlussErrorCode.LogOffsetOutOfRange)
        {
            // Reports through Fail.
            _ = FailOutOfRangeAsync(bucket, failure);
            return;
        }

        if (failure.IsDamage)
        {
            OnDamage(bucket, failure);
            return;
        }

        bool again = failure.Code switch
        {
            FlussErrorCode.CorruptMessage or FlussErrorCode.CorruptRecord or FlussErrorCode.SchemaNotExist => false,
            FlussErrorCode.FencedLeaderEpoch => true,
            FlussErrorCode.UnknownServerError => bucket.Failures < Math.Min(MaxUnknownErrors, _client.Options.MaxRetries),
            _ => failure.IsTransient,
        };
        if (!again)
        {
            Fail(failure);
            return;
        }

        _client.NoteFailure(failure.Message);
        _client.Metadata.Forget(bucket.Bucket.TableId, bucket.Bucket.PartitionId);
        AskAgain(bucket, FlussClient.Pause(bucket.Failures), failure);
    }

    // Gives the reservation back and lines the bucket up again, at once or after a pause, unless it has waited too long already.
    private void AskAgain(BucketFetch bucket, TimeSpan pause, FlussException? reason)
    {
        long released;
        bool overdue;
        lock (_gate)
        {
            if (StoppedLocked)
            {
                return;
            }

            released = bucket.Reserved;
            bucket.Reserved = 0;
            bucket.Request = null;
            bucket.Failures++;
            _held -= released;
            _underWay--;
            overdue = Time.GetElapsedTime(bucket.WaitingSince) >= _client.Options.RequestTimeout;
            if (!overdue)
            {
                if (pause > TimeSpan.Zero)
                {
                    bucket.Pause?.Dispose();
                    bucket.Pause = Time.CreateTimer(_ => Resume(bucket), null, pause, Timeout.InfiniteTimeSpan);
                }
                else
                {
                    LineUpLocked(bucket);
                }
            }
        }

        _memory.Release(released);
        if (overdue)
        {
            string why = reason is null ? "The servers have nothing below the end of the range to give." : $"The last failure: {reason.Message}";
            Fail(new FlussException(
                $"{FlussClient.Name(_table.Path, bucket.Bucket)}: no progress at offset {bucket.NextText} (the range ends at {bucket.End}) for "
                    + $"{_client.Options.RequestTimeout.TotalSeconds:0.###} s. {why}",
                reason?.Code ?? FlussErrorCode.RequestTimeout,
                reason));
        }
        else
        {
            Pump();
        }
    }

    private void Resume(BucketFetch bucket)
    {
        lock (_gate)
        {
            if (StoppedLocked)
            {
                return;
            }

            LineUpLocked(bucket);
        }

        Pump();
    }

    private async Task FailOutOfRangeAsync(BucketFetch bucket, FlussException failure)
    {
        string limits;
        try
        {
            int number = bucket.Bucket.Bucket;
            IReadOnlyDictionary<int, long> earliest = await _client.ListOffsetsAsync(
                _table, bucket.Bucket.PartitionId, [number], OffsetSpec.Earliest, CancellationToken.None).ConfigureAwait(false);
            limits = $"The earliest offset that can be read now is {earliest[number]}.";
        }
#pragma warning disable CA1031 // The failure to report is the first one.
        catch (Exception)
#pragma warning restore CA1031
        {
            limits = "The earliest offset could not be found out.";
        }

        Fail(new FlussException(
            $"{FlussClient.Name(_table.Path, bucket.Bucket)}: the offset {bucket.NextText} is not in the log (the range ends at {bucket.End}). {limits}",
            FlussErrorCode.LogOffsetOutOfRange,
            failure));
    }

    private FlussException Unforeseen(BucketFetch bucket, Exception exception)
    {
        string name = FlussClient.Name(_table.Path, bucket.Bucket);
        return exception is ObjectDisposedException
            ? new FlussException($"{name}: the client of the log scan was disposed.", FlussErrorCode.OperationNotAttempted, exception)
            : new FlussException($"{name}: reading at offset {bucket.NextText} failed: {exception.Message}", FlussErrorCode.UnknownServerError, exception);
    }

    private void LineUpLocked(BucketFetch bucket)
    {
        bucket.LinedUpAt = Time.GetTimestamp();
        _wanting.Enqueue(bucket);
    }
}
