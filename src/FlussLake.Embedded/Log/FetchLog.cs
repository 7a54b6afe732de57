using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Faults;

using Google.Protobuf;

namespace FlussLake.Embedded.Log;

/// <summary>Reads what FetchLog asks for. The first bucket that has data gives at least one batch, whatever the limits; after it they are strict.</summary>
internal sealed class FetchLog(BucketLogs logs, TableCatalog catalog, FaultScript faults)
{
    // What one answer may hold in memory, whatever the client allows; a single larger batch is still read.
    private const int MaxResponseBytes = 64 << 20;

    /// <summary>Reads all buckets of a request once.</summary>
    public FetchResult Read(FetchLogRequest request, int server)
    {
        FetchLogResponse response = new();
        List<(BucketLog Log, long End)> read = [];
        long left = Math.Clamp(request.MaxBytes, 0, MaxResponseBytes);
        long bytes = 0;
        bool failed = false;
        foreach (PbFetchLogReqForTable table in request.TablesReq)
        {
            PbFetchLogRespForTable answers = new() { TableId = table.TableId };
            response.TablesResp.Add(answers);
            foreach (PbFetchLogReqForBucket asked in table.BucketsReq)
            {
                PbFetchLogRespForBucket answer = new() { BucketId = asked.BucketId };
                TableBucket bucket = new(table.TableId, asked.HasPartitionId ? asked.PartitionId : null, asked.BucketId);
                if (asked.HasPartitionId)
                {
                    answer.PartitionId = asked.PartitionId;
                }

                try
                {
                    faults.ThrowFor(ApiKey.FetchLog, bucket);
                    BucketLog log = logs.Get(bucket, server);
                    long end = log.HighWatermark;
                    byte[] records = Records(log, table, asked, Math.Min(left, asked.MaxFetchBytes), bytes == 0);
                    faults.Damage(bucket, records);
                    answer.HighWatermark = Math.Max(end, log.HighWatermark);
                    answer.LogStartOffset = 0;
                    answer.Records = UnsafeByteOperations.UnsafeWrap(records);
                    bytes += records.Length;
                    left = Math.Max(0, left - records.Length);
                    read.Add((log, end));
                }
                catch (FlussException exception)
                {
                    answer.ErrorCode = (int)exception.Code;
                    answer.ErrorMessage = exception.Message;
                    failed |= exception.Code is not (FlussErrorCode.NotLeaderOrFollower or FlussErrorCode.UnknownTableOrBucket);
                }

                answers.BucketsResp.Add(answer);
            }
        }

        return new FetchResult(response, bytes, failed, read);
    }

    private byte[] Records(BucketLog log, PbFetchLogReqForTable table, PbFetchLogReqForBucket asked, long limit, bool atLeastOne)
    {
        if (!table.ProjectionPushdownEnabled)
        {
            return Concatenate(log, log.Find(asked.FetchOffset, limit, atLeastOne));
        }

        TableEntry entry = catalog.FindById(table.TableId) ?? throw LogErrors.Unknown(log.Bucket);
        Projection projection = Projection.Create(entry, [.. table.ProjectedFields]);
        using MemoryStream records = new();
        long offset = asked.FetchOffset;
        long read = 0;
        while (read < MaxResponseBytes)
        {
            // Projected batches are smaller: what fits is only known once they are cut.
            List<BatchEntry> batches = log.Find(offset, Math.Max(0, limit - records.Length), atLeastOne && records.Length == 0);
            foreach (BatchEntry batch in batches)
            {
                records.Write(projection.Apply(log.Bucket, log.Read(batch)));
                read += batch.Size;
                offset = batch.NextOffset;
            }

            if (batches.Count == 0)
            {
                break;
            }
        }

        return records.ToArray();
    }

    private static byte[] Concatenate(BucketLog log, List<BatchEntry> batches)
    {
        if (batches.Count == 1)
        {
            return log.Read(batches[0]);
        }

        byte[] records = new byte[batches.Sum(static batch => batch.Size)];
        int position = 0;
        foreach (BatchEntry batch in batches)
        {
            log.Read(batch).CopyTo(records, position);
            position += batch.Size;
        }

        return records;
    }
}
