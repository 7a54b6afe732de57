using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Requests of every kind that the embedded server serves, against the table shop.orders (id BIGINT NOT NULL, note STRING) and the partitioned shop.parts.</summary>
internal static class Requests
{
    public const long OrdersId = 0;

    private static readonly PbPartitionSpec s_partition = new() { PartitionKeyValues = { new PbKeyValue { Key = "note", Value = "a" } } };

    public static TablePath OrdersPath { get; } = new("shop", "orders");

    private static PbTablePath Orders => new() { DatabaseName = "shop", TableName = "orders" };

    private static PbTablePath Parts => new() { DatabaseName = "shop", TableName = "parts" };

    /// <summary>What makes the tables that the others are about.</summary>
    public static List<byte[]> Making { get; } =
    [
        Frame(ApiKey.CreateDatabase, new CreateDatabaseRequest { DatabaseName = "shop", IgnoreIfExists = true, DatabaseJson = ByteString.CopyFromUtf8("{\"version\":1,\"comment\":\"c\",\"custom_properties\":{}}") }),
        Frame(ApiKey.CreateTable, new CreateTableRequest { TablePath = Orders, TableJson = ByteString.CopyFrom(TableJson.Write(Descriptor())), IgnoreIfExists = true }),
        Frame(ApiKey.CreateTable, new CreateTableRequest { TablePath = Parts, TableJson = ByteString.CopyFrom(TableJson.Write(Descriptor("note"))), IgnoreIfExists = true }),
        Frame(ApiKey.CreatePartition, new CreatePartitionRequest { TablePath = Parts, PartitionSpec = s_partition, IgnoreIfExists = true }),
    ];

    public static List<byte[]> All { get; } =
    [
        .. Making,
        Frame(ApiKey.ApiVersions, new ApiVersionsRequest { ClientSoftwareName = "c", ClientSoftwareVersion = "1" }),
        Frame(ApiKey.Authenticate, new AuthenticateRequest { Protocol = "PLAINTEXT", Token = ByteString.Empty }),
        Frame(ApiKey.ListDatabases, new ListDatabasesRequest { IncludeSummary = true }),
        Frame(ApiKey.DatabaseExists, new DatabaseExistsRequest { DatabaseName = "shop" }),
        Frame(ApiKey.GetDatabaseInfo, new GetDatabaseInfoRequest { DatabaseName = "shop" }),
        Frame(ApiKey.ListTables, new ListTablesRequest { DatabaseName = "shop" }),
        Frame(ApiKey.TableExists, new TableExistsRequest { TablePath = Orders }),
        Frame(ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = Orders }),
        Frame(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = Orders, SchemaId = 1 }),
        Frame(ApiKey.ListPartitionInfos, new ListPartitionInfosRequest { TablePath = Parts, PartialPartitionSpec = s_partition }),
        Frame(ApiKey.Metadata, new MetadataRequest { TablePath = { Orders }, PartitionsPath = { new PbPhysicalTablePath { DatabaseName = "shop", TableName = "parts", PartitionName = "a" } }, PartitionsId = { 0 } }),
        Frame(ApiKey.GetFileSystemSecurityToken, new GetFileSystemSecurityTokenRequest()),
        Frame(ApiKey.GetLakeSnapshot, new GetLakeSnapshotRequest { TablePath = Orders, Readable = true }),
        Frame(ApiKey.DropPartition, new DropPartitionRequest { TablePath = Parts, PartitionSpec = s_partition, IgnoreIfNotExists = true }),
        Frame(ApiKey.DropTable, new DropTableRequest { TablePath = Parts, IgnoreIfNotExists = true }),
        Frame(ApiKey.DropDatabase, new DropDatabaseRequest { DatabaseName = "gone", IgnoreIfNotExists = true, Cascade = false }),
        Frame(ApiKey.AlterTable, new AlterTableRequest { TablePath = Orders, IgnoreIfNotExists = true, ConfigChanges = { new PbAlterConfig { ConfigKey = "table.datalake.enabled", ConfigValue = "true", OpType = 0 } } }),
        Frame(ApiKey.AlterTable, new AlterTableRequest
        {
            TablePath = Orders, IgnoreIfNotExists = true,
            AddColumns = { new PbAddColumn { ColumnName = "x", DataTypeJson = ByteString.CopyFromUtf8("{\"type\":\"ARRAY\",\"element_type\":{\"type\":\"DECIMAL\",\"precision\":9,\"scale\":2}}"), ColumnPositionType = 0 } },
        }),
        Frame(ApiKey.PrepareLakeTableSnapshot, new PrepareLakeTableSnapshotRequest { BucketOffsets = { new PbTableOffsets { TableId = OrdersId, TablePath = Orders, BucketOffsets = { new PbBucketOffset { BucketId = 0, LogEndOffset = 1 } } } } }),
        Frame(ApiKey.CommitLakeTableSnapshot, new CommitLakeTableSnapshotRequest { LakeTableSnapshotMetadata = { new PbLakeTableSnapshotMetadata { TableId = OrdersId, SnapshotId = 1, TieredBucketOffsetsFilePath = "file:/x", ReadableBucketOffsetsFilePath = "/y" } } }),
        Frame(ApiKey.InitWriter, new InitWriterRequest { TablePath = { Orders } }),
        Frame(ApiKey.ProduceLog, new ProduceLogRequest { Acks = -1, TableId = OrdersId, TimeoutMs = 1000, BucketsReq = { new PbProduceLogReqForBucket { BucketId = 0, Records = ByteString.CopyFrom(Batches.Of(0, 3)) } } }),
        Frame(ApiKey.FetchLog, new FetchLogRequest { FollowerServerId = -1, MaxBytes = 1 << 20, TablesReq = { new PbFetchLogReqForTable { TableId = OrdersId, ProjectionPushdownEnabled = true, ProjectedFields = { 0, 1 }, BucketsReq = { new PbFetchLogReqForBucket { BucketId = 0, FetchOffset = 0, MaxFetchBytes = 1 << 20 } } } } }),
        Frame(ApiKey.ListOffsets, new ListOffsetsRequest { FollowerServerId = -1, OffsetType = 2, TableId = OrdersId, BucketId = { 0, 1 }, StartTimestamp = 5 }),
        Frame(ApiKey.LimitScan, new LimitScanRequest { TableId = OrdersId, BucketId = 0, Limit = 10 }),
        Frame(ApiKey.GetTableStats, new GetTableStatsRequest { TableId = OrdersId, BucketsReq = { new PbTableStatsReqForBucket { BucketId = 0 } } }),
    ];

    public static byte[] Frame(ApiKey key, IMessage body)
    {
        byte[] frame = [0, 0, 0, 0, 0, 0, 0, 9, .. body.ToByteArray()];
        BinaryPrimitives.WriteInt16BigEndian(frame, (short)key);
        return frame;
    }

    private static TableDescriptor Descriptor(params string[] partitionedBy) => new()
    {
        Columns = [new FlussColumn("id", new FlussType(FlussTypeKind.BigInt) { IsNullable = false }, 0), new FlussColumn("note", new FlussType(FlussTypeKind.String), 1)],
        BucketCount = 1,
        PartitionKeys = partitionedBy,
        Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
    };
}
