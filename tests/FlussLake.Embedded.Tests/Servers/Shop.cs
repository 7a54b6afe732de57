using System.Text;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>The requests that tests make most, against the table shop.orders (id BIGINT NOT NULL, note STRING).</summary>
internal static class Shop
{
    public static TablePath Orders { get; } = new("shop", "orders");

    public static void CreateDatabase(this Wire wire, string name = "shop") =>
        wire.Call(ApiKey.CreateDatabase, new CreateDatabaseRequest { DatabaseName = name, IgnoreIfExists = true }, CreateDatabaseResponse.Parser);

    public static void CreateTable(this Wire wire, TablePath path, TableDescriptor table, bool ignoreIfExists = false) => wire.Call(
        ApiKey.CreateTable,
        new CreateTableRequest { TablePath = path.ToMessage(), TableJson = ByteString.CopyFrom(TableJson.Write(table)), IgnoreIfExists = ignoreIfExists },
        CreateTableResponse.Parser);

    public static TableDescriptor Descriptor(int? buckets = 1, params string[] partitionedBy) => new()
    {
        Columns = [new FlussColumn("id", new FlussType(FlussTypeKind.BigInt) { IsNullable = false }, 0), new FlussColumn("note", new FlussType(FlussTypeKind.String), 1)],
        BucketCount = buckets,
        PartitionKeys = partitionedBy,
        Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
    };

    /// <summary>Makes the database and the table.</summary>
    /// <returns>The table.</returns>
    public static TableInfo CreateOrders(this EmbeddedFluss fluss, int buckets = 1, params string[] partitionedBy)
    {
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        wire.CreateTable(Orders, Descriptor(buckets, partitionedBy));
        return wire.GetTable(Orders);
    }

    public static TableInfo GetTable(this Wire wire, TablePath path)
    {
        GetTableInfoResponse table = wire.Call(ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = path.ToMessage() }, GetTableInfoResponse.Parser);
        return TableJson.ReadTable(path, table.TableId, table.SchemaId, table.TableJson.Memory, table.CreatedTime, table.ModifiedTime);
    }

    public static PbTablePath ToMessage(this TablePath path) => new() { DatabaseName = path.Database, TableName = path.Table };

    public static ProduceLogRequest Produce(TableInfo table, int bucket, byte[] records, int acks = -1, long? partition = null)
    {
        PbProduceLogReqForBucket part = new() { BucketId = bucket, Records = ByteString.CopyFrom(records) };
        if (partition is { } id)
        {
            part.PartitionId = id;
        }

        return new ProduceLogRequest { Acks = acks, TableId = table.TableId, TimeoutMs = 10_000, BucketsReq = { part } };
    }

    /// <summary>Appends one batch.</summary>
    /// <returns>The offset of its first record.</returns>
    /// <exception cref="FlussException">The bucket refused.</exception>
    public static long Append(this Wire tablet, TableInfo table, byte[] records, int bucket = 0, long? partition = null)
    {
        PbProduceLogRespForBucket answer = tablet.Call(ApiKey.ProduceLog, Produce(table, bucket, records, partition: partition), ProduceLogResponse.Parser).BucketsResp.Single();
        return answer.HasErrorCode ? throw new FlussException(answer.ErrorMessage, (FlussErrorCode)answer.ErrorCode) : answer.BaseOffset;
    }

    public static FetchLogRequest Fetch(TableInfo table, long offset, int bucket = 0, int maxBytes = 1 << 20, int? minBytes = null, int maxWait = 0, int[]? projection = null)
    {
        FetchLogRequest request = new()
        {
            FollowerServerId = -1,
            MaxBytes = maxBytes,
            MaxWaitMs = maxWait,
            TablesReq =
            {
                new PbFetchLogReqForTable
                {
                    TableId = table.TableId,
                    ProjectionPushdownEnabled = projection is not null,
                    ProjectedFields = { projection ?? [] },
                    BucketsReq = { new PbFetchLogReqForBucket { BucketId = bucket, FetchOffset = offset, MaxFetchBytes = maxBytes } },
                },
            },
        };
        if (minBytes is { } bytes)
        {
            request.MinBytes = bytes;
        }

        return request;
    }

    /// <summary>Fetches from one bucket.</summary>
    /// <exception cref="FlussException">The bucket refused.</exception>
    public static PbFetchLogRespForBucket FetchOne(this Wire tablet, FetchLogRequest request)
    {
        PbFetchLogRespForBucket answer = tablet.Call(ApiKey.FetchLog, request, FetchLogResponse.Parser).TablesResp.Single().BucketsResp.Single();
        return answer.HasErrorCode ? throw new FlussException(answer.ErrorMessage, (FlussErrorCode)answer.ErrorCode) : answer;
    }

    public static List<byte[]> Split(ByteString records)
    {
        List<byte[]> batches = [];
        byte[] bytes = records.ToByteArray();
        for (int at = 0; at < bytes.Length;)
        {
            Assert.True(LogBatchHeader.TryRead(bytes.AsSpan(at), out LogBatchHeader header));
            batches.Add(bytes[at..(at + header.SizeInBytes)]);
            at += header.SizeInBytes;
        }

        return batches;
    }

    public static LogBatchHeader Header(byte[] batch)
    {
        Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
        return header;
    }

    public static FlussClient Client(this EmbeddedFluss fluss, TimeSpan? timeout = null, string? user = null, string? password = null) => new(new FlussClientOptions
    {
        BootstrapServers = [fluss.BootstrapServers],
        RequestTimeout = timeout ?? TimeSpan.FromSeconds(20),
        MaxFetchWait = TimeSpan.FromMilliseconds(50),
        UserId = user,
        Password = password,
    });

    /// <summary>The ids of all rows of a table without partitions, as the client reads them, in the order of each bucket's offsets.</summary>
    public static List<long> ReadIds(this FlussClient client, TablePath path)
    {
        TableInfo table = client.GetTableInfoAsync(path).GetAwaiter().GetResult();
        IReadOnlyDictionary<int, long> ends = client.ListOffsetsAsync(table, null, [.. Enumerable.Range(0, table.BucketCount)], OffsetSpec.Latest).GetAwaiter().GetResult();
        using LogScan scan = client.OpenLogScan(new LogScanOptions
        {
            Table = table,
            Ranges = [.. ends.Select(end => new LogRange(new TableBucket(table.TableId, null, end.Key), LogRange.Earliest, end.Value))],
            Memory = new FetchMemory(FetchMemory.DefaultLimit),
        });
        List<long> ids = [];
        while (scan.TryTake(out LogScanBatch? batch))
        {
            using (batch)
            {
                ids.AddRange(Batches.ReadIds(batch.Memory, batch.FirstRow, batch.RowCount));
            }
        }

        return ids;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
