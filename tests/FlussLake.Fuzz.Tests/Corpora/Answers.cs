using System.Text;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Log;

using Google.Protobuf;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Answers as servers give them, with every field somewhere.</summary>
internal static class Answers
{
    public static TableBucket Bucket { get; } = new(7, null, 1);

    public static TableBucket PartitionBucket { get; } = new(8, 3, 0);

    public static ErrorResponse Error { get; } = new() { ErrorCode = 7, ErrorMessage = "There is no table shop.orders.\n\tat org.apache.fluss.Server" };

    public static ApiVersionsResponse Versions { get; } = new()
    {
        ServerType = 2,
        ApiVersions = { new PbApiVersion { ApiKey = 1012, MinVersion = 0, MaxVersion = 0 }, new PbApiVersion { ApiKey = 1015, MinVersion = 0, MaxVersion = 3 } },
    };

    public static MetadataResponse Metadata { get; } = new()
    {
        CoordinatorServer = new PbServerNode { NodeId = -1, Host = "127.0.0.1", Port = 9123 },
        TabletServers = { new PbServerNode { NodeId = 0, Host = "localhost", Port = 9124 }, new PbServerNode { NodeId = 1, Host = "::1", Port = 9125 } },
        TableMetadata =
        {
            new PbTableMetadata
            {
                TablePath = Path, TableId = 7, SchemaId = 1, TableJson = ByteString.CopyFrom(TableJsonText()), CreatedTime = 1, ModifiedTime = 2,
                BucketMetadata = { new PbBucketMetadata { BucketId = 0, LeaderId = 0, LeaderEpoch = 1, ReplicaId = { 0, 1 } }, new PbBucketMetadata { BucketId = 1, LeaderId = 1 } },
            },
        },
        PartitionMetadata = { new PbPartitionMetadata { TableId = 8, PartitionId = 3, PartitionName = "2024", BucketMetadata = { new PbBucketMetadata { BucketId = 0, LeaderId = 1 } } } },
    };

    public static GetTableInfoResponse TableInfo { get; } = new() { TableId = 7, SchemaId = 1, TableJson = ByteString.CopyFrom(TableJsonText()), CreatedTime = 1_700_000_000_000, ModifiedTime = 1 };

    public static GetTableSchemaResponse Schema { get; } = new() { SchemaId = 2, SchemaJson = ByteString.CopyFrom(TableJson.Write(new TableSchema(2, Columns("scalars"), []))) };

    public static ListPartitionInfosResponse Partitions { get; } = new()
    {
        PartitionInfos = { new PbPartitionInfo { PartitionId = 3, PartitionSpec = new PbPartitionSpec { PartitionKeyValues = { new PbKeyValue { Key = "y", Value = "2024" } } } } },
    };

    public static ListOffsetsResponse Offsets { get; } = new()
    {
        Buckets = { new PbListOffsetsForBucket { BucketId = 0, ErrorCode = 11, ErrorMessage = "not here" }, new PbListOffsetsForBucket { BucketId = 1, Offset = 1L << 40 } },
    };

    public static GetLakeSnapshotResponse LakeSnapshot { get; } = new()
    {
        TableId = 7,
        SnapshotId = 5,
        BucketSnapshots = { new PbLakeSnapshotForBucket { BucketId = 0, LogOffset = 9 }, new PbLakeSnapshotForBucket { PartitionId = 3, BucketId = 1, LogOffset = -1 } },
    };

    public static ProduceLogResponse Produced { get; } = new()
    {
        BucketsResp = { new PbProduceLogRespForBucket { BucketId = 0, BaseOffset = 12 }, new PbProduceLogRespForBucket { BucketId = 1, PartitionId = 3, ErrorCode = 5, ErrorMessage = "no" } },
    };

    /// <summary>FetchLog answers: batches, an error, remote segments, several tables and partitions.</summary>
    public static List<byte[]> Fetched()
    {
        ByteString records = ByteString.CopyFrom(BatchFixture.ReadLog("changelog_zstd"));
        PbFetchLogRespForBucket full = new() { BucketId = 1, HighWatermark = 100, LogStartOffset = 0, Records = records };
        PbRemoteLogFetchInfo remote = new()
        {
            RemoteLogTabletDir = "file:/lake/log",
            PartitionName = "2024",
            FirstStartPos = 5,
            RemoteLogSegments = { new PbRemoteLogSegment { RemoteLogSegmentId = "a", RemoteLogStartOffset = 0, RemoteLogEndOffset = 9, SegmentSizeInBytes = 10, MaxTimestamp = 3 } },
        };
        PbFetchLogRespForBucket away = new() { PartitionId = 3, BucketId = 0, HighWatermark = 5, RemoteLogFetchInfo = remote };
        PbFetchLogRespForBucket refused = new() { BucketId = 1, ErrorCode = 11, ErrorMessage = "not the leader" };
        return
        [
            new FetchLogResponse { TablesResp = { new PbFetchLogRespForTable { TableId = 7, BucketsResp = { full } } } }.ToByteArray(),
            new FetchLogResponse { TablesResp = { new PbFetchLogRespForTable { TableId = 8, BucketsResp = { away } }, new PbFetchLogRespForTable { TableId = 7, BucketsResp = { refused } } } }.ToByteArray(),
        ];
    }

    /// <summary>A partitioned table with columns of every type, properties and comments.</summary>
    public static byte[] TableJsonText() => TableJson.Write(new TableDescriptor
    {
        Columns = [.. Columns("scalars").Take(6), .. Columns("nested").Skip(1), .. new[] { new FlussColumn("y", new FlussType(FlussTypeKind.String), 99) { Comment = "the year" } }],
        PartitionKeys = ["y"],
        BucketKeys = [Columns("scalars")[0].Name],
        BucketCount = 3,
        Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true", ["table.log.format"] = "ARROW" },
        CustomProperties = new Dictionary<string, string> { ["paimon.path"] = "/lake/t" },
        Comment = "orders \u00fc",
    });

    public static FlussColumn[] Columns(string rows) => BatchFixture.Load("generated_none", rows).Columns;

    /// <summary>The text forms of types.</summary>
    public static List<byte[]> TypeTexts() =>
    [
        .. Columns("scalars").Concat(Columns("nested")).Select(static column => Encoding.UTF8.GetBytes(column.Type.ToString())),
        "ROW<`a b` INT NOT NULL, c MAP<STRING, ARRAY<DECIMAL(38, 10)>>>"u8.ToArray(), "timestamp_ltz ( 9 ) not null"u8.ToArray(), "ROW<`a``b` CHAR(3)>"u8.ToArray(),
    ];

    private static PbTablePath Path => new() { DatabaseName = "shop", TableName = "orders" };
}
