using FlussLake.Client;
using FlussLake.Client.Protocol;

namespace FlussLake.Embedded.Faults;

/// <summary>Refuses what is asked of one bucket, or of every bucket of a table.</summary>
internal sealed class BucketFault(FlussApi api, long tableId, int? bucket, FlussErrorCode code, string message, int times) : Fault(api, times)
{
    public FlussErrorCode Code { get; } = code;

    public string Message { get; } = message;

    public bool TryTake(ApiKey key, TableBucket asked) => asked.TableId == tableId && (bucket is null || bucket == asked.Bucket) && TryTake(key);
}
