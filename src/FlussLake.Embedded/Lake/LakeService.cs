using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Lake;

/// <summary>The requests of readers and of tiering services for lake snapshots.</summary>
internal sealed class LakeService(LakeSnapshots snapshots, TableCatalog catalog)
{
    public void RegisterReading(ApiSet apis) => apis.Serve(ApiKey.GetLakeSnapshot, GetLakeSnapshotRequest.Parser, GetLakeSnapshot);

    public void RegisterChanging(ApiSet apis) => apis
        .Serve(ApiKey.PrepareLakeTableSnapshot, PrepareLakeTableSnapshotRequest.Parser, Prepare)
        .Serve(ApiKey.CommitLakeTableSnapshot, CommitLakeTableSnapshotRequest.Parser, Commit);

    private GetLakeSnapshotResponse GetLakeSnapshot(GetLakeSnapshotRequest request)
    {
        TablePath path = CatalogService.ToPath(request.TablePath);
        if (request.HasSnapshotId && request.Readable)
        {
            throw new FlussException($"A lake snapshot of table {path} is asked for by its id and as the readable one: it is one or the other.", FlussErrorCode.UnknownServerError);
        }

        TableEntry table = catalog.Get(path);
        if (snapshots.Find(table.TableId, request.HasSnapshotId ? request.SnapshotId : null, request.Readable) is not var (snapshotId, offsets))
        {
            string which = request.HasSnapshotId ? $"lake snapshot {request.SnapshotId}" : request.Readable ? "readable lake snapshot" : "lake snapshot";
            throw new FlussException($"Table {path} has no {which}.", FlussErrorCode.LakeSnapshotNotExist);
        }

        GetLakeSnapshotResponse response = new() { TableId = table.TableId, SnapshotId = snapshotId };
        foreach ((TableBucket bucket, long offset) in offsets)
        {
            PbLakeSnapshotForBucket shown = new() { BucketId = bucket.Bucket, LogOffset = offset };
            if (bucket.PartitionId is { } partition)
            {
                shown.PartitionId = partition;
            }

            response.BucketSnapshots.Add(shown);
        }

        return response;
    }

    private PrepareLakeTableSnapshotResponse Prepare(PrepareLakeTableSnapshotRequest request)
    {
        PrepareLakeTableSnapshotResponse response = new();
        foreach (PbTableOffsets asked in request.BucketOffsets)
        {
            PbPrepareLakeTableRespForTable answer = new();
            try
            {
                Dictionary<TableBucket, long> offsets = [];
                foreach (PbBucketOffset offset in asked.BucketOffsets)
                {
                    offsets[RequireBucket(asked, offset)] = offset.HasLogEndOffset ? offset.LogEndOffset : -1;
                }

                answer.LakeTableOffsetsPath = snapshots.Prepare(CatalogService.ToPath(asked.TablePath), asked.TableId, offsets, request.IgnorePreviousTableOffsets);
                answer.TableId = asked.TableId;
            }
            catch (Exception exception) when (exception is FlussException or IOException or UnauthorizedAccessException)
            {
                answer.ErrorCode = (int)((exception as FlussException)?.Code ?? FlussErrorCode.StorageFailure);
                answer.ErrorMessage = exception.Message;
            }

            response.PrepareLakeTableResp.Add(answer);
        }

        return response;
    }

    private CommitLakeTableSnapshotResponse Commit(CommitLakeTableSnapshotRequest request)
    {
        if (request.TablesReq.Count > 0 && request.LakeTableSnapshotMetadata.Count == 0)
        {
            throw new FlussException("Lake snapshots are registered with the file that PrepareLakeTableSnapshot names, not with their offsets alone.", FlussErrorCode.UnsupportedVersion);
        }

        CommitLakeTableSnapshotResponse response = new();
        foreach (PbLakeTableSnapshotMetadata snapshot in request.LakeTableSnapshotMetadata)
        {
            PbCommitLakeTableSnapshotRespForTable answer = new() { TableId = snapshot.TableId };
            try
            {
                LakeRegistration registration = new(
                    snapshot.SnapshotId, snapshot.TieredBucketOffsetsFilePath, snapshot.HasReadableBucketOffsetsFilePath ? snapshot.ReadableBucketOffsetsFilePath : null);
                snapshots.Commit(snapshot.TableId, registration, snapshot.HasEarliestSnapshotIdToKeep ? snapshot.EarliestSnapshotIdToKeep : null);
            }
            catch (FlussException exception)
            {
                answer.ErrorCode = (int)exception.Code;
                answer.ErrorMessage = exception.Message;
            }

            response.TableResp.Add(answer);
        }

        return response;
    }

    // The partition may have been dropped while its rows were moved; the buckets are as many as ever.
    private TableBucket RequireBucket(PbTableOffsets asked, PbBucketOffset offset)
    {
        TableBucket bucket = new(asked.TableId, offset.HasPartitionId ? offset.PartitionId : null, offset.BucketId);
        return catalog.FindById(asked.TableId) is not { } table || (bucket.Bucket >= 0 && bucket.Bucket < table.BucketCount && table.IsPartitioned == bucket.PartitionId is not null)
            ? bucket
            : throw new FlussException(
                $"Table {table.Path} has no bucket {LogErrors.Name(bucket)}: it has the buckets 0 to {table.BucketCount - 1}{(table.IsPartitioned ? " in each partition" : " and no partitions")}.",
                FlussErrorCode.UnknownTableOrBucket);
    }
}
