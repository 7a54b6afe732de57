using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Faults;
using FlussLake.Embedded.Rpc;
using FlussLake.Embedded.State;

using Google.Protobuf;

namespace FlussLake.Embedded.Log;

/// <summary>The requests that tablet servers serve: appending, reading and asking for offsets.</summary>
internal sealed class LogService(BucketLogs logs, TableCatalog catalog, StateWriter writer, FaultScript faults, TimeProvider time)
{
    // What LimitScan may answer with: it has no paging.
    private const long MaxLimitScanBytes = 256 << 20;

    private readonly FetchLog _fetch = new(logs, catalog, faults);

    public void Register(ApiSet apis) => apis
        .ServeCall(ApiKey.ProduceLog, ProduceLogRequest.Parser, Produce)
        .ServeCall(ApiKey.FetchLog, FetchLogRequest.Parser, (request, call) => new FetchCall(_fetch, call, request).Start())
        .ServeCall(ApiKey.ListOffsets, ListOffsetsRequest.Parser, (request, call) => call.Answer(ListOffsets(request, call.Node.Id)))
        .ServeCall(ApiKey.LimitScan, LimitScanRequest.Parser, (request, call) => call.Answer(LimitScan(request, call.Node.Id)))
        .ServeCall(ApiKey.GetTableStats, GetTableStatsRequest.Parser, (request, call) => call.Answer(TableStats(request, call.Node.Id)))
        .Serve(ApiKey.InitWriter, InitWriterRequest.Parser, _ => InitWriter());

    private void Produce(ProduceLogRequest request, Call call)
    {
        if (request.Acks is not (-1 or 0 or 1))
        {
            throw new FlussException($"acks {request.Acks} is not possible: -1, 0 and 1 are.", FlussErrorCode.InvalidRequiredAcks);
        }

        RequireBuckets(ApiKey.ProduceLog, request.BucketsReq.Count);
        if (request.BucketsReq.Count == 0)
        {
            call.Answer(new ProduceLogResponse());
            return;
        }

        ProduceCall produce = new(call, request);
        for (int i = 0; i < request.BucketsReq.Count; i++)
        {
            int index = i;
            PbProduceLogReqForBucket asked = request.BucketsReq[i];
            TableBucket bucket = new(request.TableId, asked.HasPartitionId ? asked.PartitionId : null, asked.BucketId);
            try
            {
                faults.ThrowFor(ApiKey.ProduceLog, bucket);
                BucketLog log = logs.Get(bucket, call.Node.Id);
                byte[] records = asked.Records.ToByteArray();
                List<LogBatchHeader> headers = ProducedRecords.Read(bucket, records);
                writer.Enqueue(new AppendWork(log, call.Node.Id, records, headers, (offset, refusal) => produce.Ended(index, offset, refusal)));
            }
            catch (FlussException exception)
            {
                produce.Ended(index, -1, exception);
            }
        }
    }

    /// <summary>Keeps a small request from having a huge answer: each bucket gets one of its own.</summary>
    private static void RequireBuckets(ApiKey key, int count)
    {
        if (count > TableRules.MaxBuckets)
        {
            throw new FlussException($"The {key} request names {count} buckets: {TableRules.MaxBuckets} are the most that a table has.", FlussErrorCode.UnknownServerError);
        }
    }

    private InitWriterResponse InitWriter()
    {
        long id = 0;
        writer.Execute(connection => id = connection.Next("writer"));
        return new InitWriterResponse { WriterId = id };
    }

    private ListOffsetsResponse ListOffsets(ListOffsetsRequest request, int server)
    {
        RequireBuckets(ApiKey.ListOffsets, request.BucketId.Count);
        ListOffsetsResponse response = new();
        foreach (int number in request.BucketId)
        {
            PbListOffsetsForBucket answer = new() { BucketId = number };
            try
            {
                TableBucket bucket = new(request.TableId, request.HasPartitionId ? request.PartitionId : null, number);
                faults.ThrowFor(ApiKey.ListOffsets, bucket);
                answer.Offset = Offset(request, logs.Get(bucket, server));
            }
            catch (FlussException exception)
            {
                answer.ErrorCode = (int)exception.Code;
                answer.ErrorMessage = exception.Message;
            }

            response.Buckets.Add(answer);
        }

        return response;
    }

    private long Offset(ListOffsetsRequest request, BucketLog log)
    {
        switch (request.OffsetType)
        {
            case 0:
                return 0;
            case 1:
                return log.HighWatermark;
            case 3:
                return log.EndWhenElected;
            case 2 when request.HasStartTimestamp:
                long now = time.GetUtcNow().ToUnixTimeMilliseconds();
                return request.StartTimestamp <= now ? log.OffsetAt(request.StartTimestamp) : throw LogErrors.FutureTimestamp(log.Bucket, request.StartTimestamp, now);
            case 2:
                throw new FlussException("An offset is asked for by its time, and no time is given.", FlussErrorCode.UnknownServerError);
            default:
                throw new FlussException($"The offset type {request.OffsetType} is not known: 0 to 3 are.", FlussErrorCode.UnknownServerError);
        }
    }

    private LimitScanResponse LimitScan(LimitScanRequest request, int server)
    {
        try
        {
            TableBucket bucket = new(request.TableId, request.HasPartitionId ? request.PartitionId : null, request.BucketId);
            faults.ThrowFor(ApiKey.LimitScan, bucket);
            BucketLog log = logs.Get(bucket, server);
            using MemoryStream records = new();
            foreach (BatchEntry batch in log.Find(Math.Max(0, log.HighWatermark - Math.Max(0, request.Limit)), long.MaxValue, atLeastOne: true))
            {
                if (records.Length + batch.Size > MaxLimitScanBytes)
                {
                    throw new FlussException($"The last {request.Limit} rows of bucket {LogErrors.Name(bucket)} take more than {MaxLimitScanBytes} bytes: ask for fewer, or read the log.", FlussErrorCode.RecordTooLarge);
                }

                records.Write(log.Read(batch));
            }

            return new LimitScanResponse { IsLogTable = true, Records = UnsafeByteOperations.UnsafeWrap(records.ToArray()) };
        }
        catch (FlussException exception)
        {
            return new LimitScanResponse { ErrorCode = (int)exception.Code, ErrorMessage = exception.Message };
        }
    }

    private GetTableStatsResponse TableStats(GetTableStatsRequest request, int server)
    {
        RequireBuckets(ApiKey.GetTableStats, request.BucketsReq.Count);
        GetTableStatsResponse response = new();
        foreach (PbTableStatsReqForBucket asked in request.BucketsReq)
        {
            PbTableStatsRespForBucket answer = new() { BucketId = asked.BucketId };
            if (asked.HasPartitionId)
            {
                answer.PartitionId = asked.PartitionId;
            }

            try
            {
                TableBucket bucket = new(request.TableId, asked.HasPartitionId ? asked.PartitionId : null, asked.BucketId);
                faults.ThrowFor(ApiKey.GetTableStats, bucket);
                answer.RowCount = logs.Get(bucket, server).HighWatermark;
            }
            catch (FlussException exception)
            {
                answer.ErrorCode = (int)exception.Code;
                answer.ErrorMessage = exception.Message;
            }

            response.BucketsResp.Add(answer);
        }

        return response;
    }
}
