using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Threading;

namespace FlussLake.Client.Write;

internal sealed partial class AppendPipeline
{
    // Servers that are just ending or dropping a table answer with errors that have no code of their own.
    private const int MaxUnknownErrors = 5;

    /// <summary>Takes in what became of a request: acknowledged batches go, refused ones are sent again or end the writer.</summary>
    private void Settle(ServerAddress leader, List<WriteBatch> batches, PendingRequest request, ProduceLogResponse? response, FlussException? failure)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _requests.Remove(request);
            List<(WriteBatch Batch, FlussException Refusal)> refused = [];
            foreach (WriteBatch batch in batches)
            {
                batch.IsUnderWay = false;
                batch.Bucket.UnderWay--;
                FlussException? refusal = failure ?? RefusalOf(batch, response!, leader);
                if (refusal is null || IsInLog(batch, refusal.Code))
                {
                    AcknowledgeLocked(batch);
                }
                else
                {
                    batch.IsInDoubt |= request.SentAt != 0 && MayBeInLog(refusal.Code);
                    refused.Add((batch, refusal));
                }
            }

            // After all acknowledgements, so that a failure counts them.
            foreach ((WriteBatch batch, FlussException refusal) in refused)
            {
                if (!MayRetry(batch, refusal))
                {
                    FailLocked(batch.Bucket, refusal, batch.IsInDoubt && !IsIdempotent);
                    return;
                }

                HoldLocked(batch.Bucket, refusal);
            }

            foreach (WriteBatch batch in batches)
            {
                if (batch.Bucket.IsHeld)
                {
                    PauseLocked(batch.Bucket);
                    if (_stopped)
                    {
                        return;
                    }
                }
                else
                {
                    LineUpLocked(batch.Bucket);
                }
            }
        }

        Pump();
    }

    private FlussException? RefusalOf(WriteBatch batch, ProduceLogResponse response, ServerAddress leader)
    {
        TableBucket bucket = batch.Bucket.Bucket;
        foreach (PbProduceLogRespForBucket answer in response.BucketsResp)
        {
            if (answer.BucketId == bucket.Bucket && (answer.HasPartitionId ? answer.PartitionId : null) == bucket.PartitionId)
            {
                return answer is { HasErrorCode: true, ErrorCode: not 0 }
                    ? RpcErrors.FromServer(
                        ApiKey.ProduceLog, AppendErrors.Place(_table.Path, batch.Bucket), leader, answer.ErrorCode, answer.ErrorMessage, hasCredentials: true)
                    : null;
            }
        }

        return AppendErrors.NotNamed();
    }

    // A server that took a later batch of this writer has this one: it takes them in order, and tells of a repetition that it remembers.
    private bool IsInLog(WriteBatch batch, FlussErrorCode code) => IsIdempotent
        && (code == FlussErrorCode.DuplicateSequence || (code == FlussErrorCode.OutOfOrderSequence && batch.Index <= batch.Bucket.AcknowledgedThrough));

    private static bool MayBeInLog(FlussErrorCode code) => code is FlussErrorCode.NetworkFailure or FlussErrorCode.RequestTimeout or FlussErrorCode.CorruptMessage
        or FlussErrorCode.NotEnoughReplicasAfterAppend or FlussErrorCode.UnknownServerError or FlussErrorCode.LogStorageFailure or FlussErrorCode.StorageFailure;

    private bool MayRetry(WriteBatch batch, FlussException refusal) => refusal.Code switch
    {
        // A batch that overtook an earlier one, whose answer is an error or not here yet, goes again after that one.
        FlussErrorCode.OutOfOrderSequence => IsIdempotent && batch.Bucket.Batches[0] != batch,
        FlussErrorCode.FencedLeaderEpoch => true,
        FlussErrorCode.UnknownServerError => batch.Bucket.Failures < MaxUnknownErrors && (IsIdempotent || _options.AtLeastOnce),
        _ => refusal.IsTransient && (IsIdempotent || _options.AtLeastOnce || !batch.IsInDoubt),
    };

    private void AcknowledgeLocked(WriteBatch batch)
    {
        BucketAppender bucket = batch.Bucket;
        bucket.Batches.Remove(batch);
        bucket.AcknowledgedThrough = Math.Max(bucket.AcknowledgedThrough, batch.Index);
        bucket.Failures = 0;
        _bufferedBytes -= batch.Bytes.Length;
        batch.Bytes.Dispose();
        _unacknowledged--;
        Interlocked.Add(ref _rowsAcknowledged, batch.RowCount);
        for (int i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Count(batch))
            {
                DispatchThreads.Post(static done => ((TaskCompletionSource)done!).TrySetResult(), _flushes[i].Completion);
                _flushes.RemoveAt(i);
            }
        }

        if (_bufferedBytes < _options.BufferMemory)
        {
            WakeLocked();
        }
    }

    private void HoldLocked(BucketAppender bucket, FlussException failure)
    {
        if (failure.Code.IsStaleMetadata() || failure.Code is FlussErrorCode.FencedLeaderEpoch or FlussErrorCode.RequestTimeout or FlussErrorCode.UnknownServerError)
        {
            _client.Metadata.Forget(bucket.Bucket.TableId, bucket.Bucket.PartitionId);
        }

        _client.NoteFailure(failure.Message);
        bucket.LastFailure = failure;
        if (!bucket.IsHeld)
        {
            bucket.IsHeld = true;
            bucket.Failures++;
        }
    }

    // Once all answers of a held bucket are in, its batches go again after a pause, unless the first of them has taken too long.
    private void PauseLocked(BucketAppender bucket)
    {
        if (bucket.UnderWay > 0 || bucket.Pause is not null)
        {
            return;
        }

        TimeSpan left = Time.GetElapsedTime(Time.GetTimestamp(), bucket.Batches[0].DeliverBy);
        if (left <= TimeSpan.Zero)
        {
            FailLocked(bucket, AppendErrors.Overdue(bucket.LastFailure!, _options.DeliveryTimeout));
            return;
        }

        TimeSpan pause = FlussClient.Pause(bucket.Failures - 1);
        bucket.Pause = Time.CreateTimer(_ => Resume(bucket), null, pause < left ? pause : left, Timeout.InfiniteTimeSpan);
    }

    private void Resume(BucketAppender bucket)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            bucket.Pause?.Dispose();
            bucket.Pause = null;
            bucket.IsHeld = false;
            LineUpLocked(bucket);
        }

        Pump();
    }
}
