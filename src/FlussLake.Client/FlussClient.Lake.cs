using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    /// <summary>Asks for a lake snapshot that is registered with Fluss, and for how far it holds each bucket's log.</summary>
    /// <param name="path">The table.</param>
    /// <param name="snapshot">Which snapshot. Queries ask for <see cref="LakeSnapshotSpec.Readable"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The snapshot, or null where the server says that there is none. Every other failure is an exception.</returns>
    /// <exception cref="FlussException">There is no such table, or the call failed.</exception>
    public async Task<LakeSnapshot?> GetLakeSnapshotAsync(TablePath path, LakeSnapshotSpec snapshot, CancellationToken cancellationToken = default)
    {
        // An absent field is not the same as false: only one of both may be set.
        GetLakeSnapshotRequest request = new() { TablePath = Wire(path) };
        if (snapshot.IsReadable)
        {
            request.Readable = true;
        }
        else if (snapshot.SnapshotId is { } id)
        {
            request.SnapshotId = id;
        }

        GetLakeSnapshotResponse response;
        try
        {
            response = await CallAnyAsync(
                ApiKey.GetLakeSnapshot, request, GetLakeSnapshotResponse.Parser, $"table {path}, snapshot {snapshot}", cancellationToken).ConfigureAwait(false);
        }
        catch (FlussException exception) when (exception.Code == FlussErrorCode.LakeSnapshotNotExist)
        {
            return null;
        }

        return ToLakeSnapshot(response);
    }

    internal static LakeSnapshot ToLakeSnapshot(GetLakeSnapshotResponse response)
    {
        Dictionary<TableBucket, long> offsets = new(response.BucketSnapshots.Count);
        foreach (PbLakeSnapshotForBucket bucket in response.BucketSnapshots)
        {
            // An unknown offset is absent, or negative: as if the bucket was never tiered.
            if (bucket is { HasLogOffset: true, LogOffset: >= 0 })
            {
                offsets[new TableBucket(response.TableId, bucket.HasPartitionId ? bucket.PartitionId : null, bucket.BucketId)] = bucket.LogOffset;
            }
        }

        return new LakeSnapshot(response.TableId, response.SnapshotId, offsets);
    }
}
