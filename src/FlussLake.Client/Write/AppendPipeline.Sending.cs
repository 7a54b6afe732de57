using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

using Google.Protobuf;

namespace FlussLake.Client.Write;

internal sealed partial class AppendPipeline
{
    private readonly Queue<BucketAppender> _ready = new();
    private bool _pumping;

    private void LineUpLocked(BucketAppender bucket)
    {
        if (!bucket.IsReady)
        {
            bucket.IsReady = true;
            _ready.Enqueue(bucket);
        }
    }

    /// <summary>Sends what may be sent. One thread at a time, so that a bucket's batches reach the connection in their order; others leave their work to it.</summary>
    private void Pump()
    {
        lock (_gate)
        {
            if (_pumping)
            {
                return;
            }

            _pumping = true;
        }

        while (true)
        {
            List<(ServerAddress Leader, List<WriteBatch> Batches)> requests = [];
            List<BucketAppender> leaderless = [];
            lock (_gate)
            {
                CollectLocked(requests, leaderless);
                if (requests.Count == 0 && leaderless.Count == 0)
                {
                    _pumping = false;
                    return;
                }
            }

            // Both report what happens to the pipeline and never throw.
            foreach (BucketAppender bucket in leaderless)
            {
                _ = FindLeaderAsync(bucket);
            }

            foreach ((ServerAddress leader, List<WriteBatch> batches) in requests)
            {
                _ = SendAsync(leader, batches);
            }
        }
    }

    // One batch of each bucket that is lined up; a bucket with more is lined up again, for the next request.
    private void CollectLocked(List<(ServerAddress Leader, List<WriteBatch> Batches)> requests, List<BucketAppender> leaderless)
    {
        Dictionary<ServerAddress, (List<WriteBatch> Batches, long Bytes)> filling = [];
        for (int lined = _ready.Count; lined > 0 && !_stopped; lined--)
        {
            BucketAppender bucket = _ready.Dequeue();
            bucket.IsReady = false;
            if (bucket.Next(_options.MaxInFlightPerBucket) is not { } batch)
            {
                continue;
            }

            if (!_client.Metadata.TryGetLeader(bucket.Bucket, out ServerAddress leader))
            {
                bucket.IsFindingLeader = true;
                leaderless.Add(bucket);
                continue;
            }

            int size = batch.Bytes.Length;
            if (!filling.TryGetValue(leader, out (List<WriteBatch> Batches, long Bytes) request) || request.Bytes + size > _options.MaxRequestBytes)
            {
                request = ([], 0);
                requests.Add((leader, request.Batches));
            }

            request.Batches.Add(batch);
            filling[leader] = (request.Batches, request.Bytes + size);
            batch.IsUnderWay = true;
            bucket.UnderWay++;
            LineUpLocked(bucket);
        }
    }

    private async Task FindLeaderAsync(BucketAppender bucket)
    {
        FlussException? failure = null;
        try
        {
            await _client.LeaderAsync(_table.Path, bucket.Bucket, Time.After(_options.RequestTimeout), CancellationToken.None).ConfigureAwait(false);
        }
        catch (FlussException exception)
        {
            failure = exception.Code == FlussErrorCode.UnknownServerError ? await ExplainAsync(exception).ConfigureAwait(false) : exception;
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(bucket, exception is ObjectDisposedException ? AppendErrors.ClientDisposed(exception) : AppendErrors.Unforeseen(exception));
            return;
        }

        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            bucket.IsFindingLeader = false;
            if (failure is null)
            {
                LineUpLocked(bucket);
            }
            else if (failure.IsTransient || (failure.Code == FlussErrorCode.UnknownServerError && bucket.Failures < MaxUnknownErrors))
            {
                HoldLocked(bucket, failure);
                PauseLocked(bucket);
            }
            else
            {
                FailLocked(bucket, failure);
            }
        }

        Pump();
    }

    // Servers have no code of its own for the leaders of a table that was dropped.
    private async Task<FlussException> ExplainAsync(FlussException failure)
    {
        try
        {
            await _client.GetTableInfoAsync(_table.Path, CancellationToken.None).ConfigureAwait(false);
            return failure;
        }
        catch (FlussException exception)
        {
            return exception.Code == FlussErrorCode.TableNotExist ? exception : failure;
        }
        catch (ObjectDisposedException)
        {
            return failure;
        }
    }

    private async Task SendAsync(ServerAddress leader, List<WriteBatch> batches)
    {
        TaskRequest<ProduceLogResponse> request;
        ProduceLogResponse? response = null;
        FlussException? failure = null;
        try
        {
            request = CreateRequest(batches);
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Of no consequence where the pipeline has stopped, whose batches are given back.
            Fail(batches[0].Bucket, AppendErrors.Unforeseen(exception));
            return;
        }

        lock (_gate)
        {
            // Given back while they were serialised: the request is worth nothing.
            if (_stopped)
            {
                return;
            }

            _requests.Add(request);
        }

        try
        {
            _client.Connections.Get(leader).Send(request);
            response = await request.Task.ConfigureAwait(false);
        }
        catch (FlussException exception)
        {
            failure = exception;
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(batches[0].Bucket, exception is ObjectDisposedException ? AppendErrors.ClientDisposed(exception) : AppendErrors.Unforeseen(exception));
            return;
        }

        Settle(leader, batches, request, response, failure);
    }

    private TaskRequest<ProduceLogResponse> CreateRequest(List<WriteBatch> batches)
    {
        ProduceLogRequest body = new() { Acks = (int)_options.Acks, TableId = _table.TableId, TimeoutMs = (int)_options.RequestTimeout.TotalMilliseconds };
        foreach (WriteBatch batch in batches)
        {
            PbProduceLogReqForBucket part = new() { BucketId = batch.Bucket.Bucket.Bucket, Records = UnsafeByteOperations.UnsafeWrap(batch.Bytes.Memory) };
            if (batch.Bucket.Bucket.PartitionId is { } partition)
            {
                part.PartitionId = partition;
            }

            body.BucketsReq.Add(part);
        }

        string subject = batches.Count == 1 ? AppendErrors.Place(_table.Path, batches[0].Bucket) : $"table {_table.Path}";
        return new TaskRequest<ProduceLogResponse>(ApiKey.ProduceLog, body, ProduceLogResponse.Parser, subject, Time.After(_options.RequestTimeout)) { RequiredServer = ServerType.TabletServer };
    }
}
