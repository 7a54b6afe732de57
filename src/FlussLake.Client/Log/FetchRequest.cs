using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client.Log;

/// <summary>A request for one bucket's log. Its answer is walked on the connection's read thread, so that the next request leaves before anything is decoded.</summary>
internal sealed class FetchRequest(LogScan scan, BucketFetch bucket, FetchLogRequest body, string subject, long deadline)
    : PendingRequest(ApiKey.FetchLog, FrameFormat.Serialize(body), subject, deadline)
{
    public override void OnAnswer(ServerAddress server, PooledFrame frame, int bodyStart) => scan.OnAnswer(bucket, server, frame, bodyStart);

    public override void OnFailure(FlussException failure) => scan.OnFailure(bucket, failure);
}
