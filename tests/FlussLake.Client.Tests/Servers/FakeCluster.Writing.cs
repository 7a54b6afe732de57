using FlussLake.Client.Protocol;

namespace FlussLake.Client.Tests.Servers;

/// <content>The servers' side of writing: as the real ones, they take a writer's batches in order and remember the last five of each bucket.</content>
internal sealed partial class FakeCluster
{
    public const int CoordinatorNumber = -1;
    private const int Remembered = 5;
    private long _lastWriter = 100;

    public ScriptedServer? Coordinator { get; }

    /// <summary>Takes a request in, and gives what it is to be answered.</summary>
    public ProduceLogResponse Produce(int server, ProduceLogRequest request)
    {
        ProduceLogResponse response = new();
        lock (_gate)
        {
            foreach (PbProduceLogReqForBucket part in request.BucketsReq)
            {
                PbProduceLogRespForBucket answer = new() { BucketId = part.BucketId };
                FakeBucket bucket = Buckets[part.BucketId];
                FlussErrorCode refusal = bucket.Leader == server && request.TableId == TableId
                    ? Take(bucket, new ProducedBatch(part.Records.ToByteArray()))
                    : FlussErrorCode.NotLeaderOrFollower;
                if (refusal == FlussErrorCode.None)
                {
                    answer.BaseOffset = 0;
                }
                else
                {
                    answer.ErrorCode = (int)refusal;
                    answer.ErrorMessage = "scripted";
                }

                response.BucketsResp.Add(answer);
            }
        }

        return response;
    }

    /// <summary>The answer that refuses every bucket of a request.</summary>
    public static ProduceLogResponse Refusal(ProduceLogRequest request, FlussErrorCode code)
    {
        ProduceLogResponse response = new();
        foreach (PbProduceLogReqForBucket part in request.BucketsReq)
        {
            response.BucketsResp.Add(new PbProduceLogRespForBucket { BucketId = part.BucketId, ErrorCode = (int)code, ErrorMessage = "scripted" });
        }

        return response;
    }

    private static FlussErrorCode Take(FakeBucket bucket, ProducedBatch batch)
    {
        if (batch.Sequence >= 0)
        {
            List<ProducedBatch> before = [.. bucket.Produced.Where(other => other.WriterId == batch.WriterId)];
            if (before.TakeLast(Remembered).FirstOrDefault(other => other.Sequence == batch.Sequence) is { } same)
            {
                Assert.Equal(same.Bytes, batch.Bytes);
                return FlussErrorCode.None;
            }

            if (batch.Sequence != (before.Count == 0 ? 0 : before[^1].Sequence + 1))
            {
                return FlussErrorCode.OutOfOrderSequence;
            }
        }

        bucket.Produced.Add(batch);
        return FlussErrorCode.None;
    }
}
