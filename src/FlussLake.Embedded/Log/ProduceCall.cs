using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Log;

/// <summary>One ProduceLog request: answered when the append to its last bucket is committed or refused.</summary>
internal sealed class ProduceCall(Call call, ProduceLogRequest request)
{
    private readonly PbProduceLogRespForBucket[] _answers = new PbProduceLogRespForBucket[request.BucketsReq.Count];
    private int _open = request.BucketsReq.Count;

    /// <summary>Says what became of one bucket's records.</summary>
    /// <param name="index">The bucket's place in the request.</param>
    /// <param name="offset">The offset of the first record.</param>
    /// <param name="refusal">Why nothing was appended, or null.</param>
    public void Ended(int index, long offset, FlussException? refusal)
    {
        PbProduceLogReqForBucket asked = request.BucketsReq[index];
        PbProduceLogRespForBucket answer = new() { BucketId = asked.BucketId };
        if (asked.HasPartitionId)
        {
            answer.PartitionId = asked.PartitionId;
        }

        if (refusal is null)
        {
            answer.BaseOffset = offset;
        }
        else
        {
            answer.ErrorCode = (int)refusal.Code;
            answer.ErrorMessage = refusal.Message;
        }

        _answers[index] = answer;
        if (Interlocked.Decrement(ref _open) == 0)
        {
            call.Answer(new ProduceLogResponse { BucketsResp = { _answers } });
        }
    }
}
