using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Embedded.Tests.Servers;
using Google.Protobuf;

namespace FlussLake.Cluster.Tests.Embedded;

/// <summary>The same frames to a real cluster and to an embedded server: codes, offsets and descriptions must be equal.</summary>
public sealed class WireConformanceTests(MainCluster fixture) : ClusterTest(fixture)
{
    [Fact]
    public void Descriptions_are_equal()
    {
        Compare(
            server => Json(server.Coordinator.Call(ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = server.Path }, GetTableInfoResponse.Parser).TableJson),
            server => Json(server.Coordinator.Call(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = server.Path }, GetTableSchemaResponse.Parser).SchemaJson),
            server => Json(server.Coordinator.Call(ApiKey.GetDatabaseInfo, new GetDatabaseInfoRequest { DatabaseName = "shop" }, GetDatabaseInfoResponse.Parser).DatabaseJson),
            server => Json(Metadata(server).TableMetadata.Single().TableJson),
            server => string.Join(' ', Metadata(server).TableMetadata.Single().BucketMetadata.OrderBy(bucket => bucket.BucketId).Select(bucket => $"{bucket.BucketId}:{bucket.LeaderId}:{string.Join(',', bucket.ReplicaId)}")),
            server => $"{Metadata(server).TableMetadata.Single().SchemaId}",
            server => $"{Metadata(server).CoordinatorServer is not null} {Metadata(server).TabletServers.Single().NodeId}");
    }

    [Fact]
    public void Offsets_are_equal()
    {
        long future = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        Compare(
            server => Offsets(server, 0, null, 0, 1),
            server => Offsets(server, 1, null, 0, 1),
            server => Offsets(server, 3, null, 0),
            server => Offsets(server, 2, 0, 0, 1),
            server => Offsets(server, 2, future, 0),
            server => Offsets(server, 2, null, 0),
            server => Offsets(server, 9, null, 0),
            server => Offsets(server, 1, null, 5),
            server => Offsets(server with { Table = server.Table with { TableId = 987_654 } }, 1, null, 0));
    }

    [Fact]
    public void Fetches_are_equal()
    {
        Compare(
            server => Fetch(server, Shop.Fetch(server.Table, 0)),
            server => Fetch(server, Shop.Fetch(server.Table, -2)),
            server => Fetch(server, Shop.Fetch(server.Table, 4)),
            server => Fetch(server, Shop.Fetch(server.Table, 9)),
            server => Fetch(server, Shop.Fetch(server.Table, 10)),
            server => Fetch(server, Shop.Fetch(server.Table, 0, bucket: 5)),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [0])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [1])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [0, 1])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [1, 0])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [0, 0])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, projection: [2])),
            server => Fetch(server, Shop.Fetch(server.Table, 0, maxBytes: 1)),
            server => Scan(server, 2),
            server => Scan(server, 100),
            server => Scan(server, 2, bucket: 5),
            server => Stats(server, 0),
            server => Stats(server, 5));
    }

    [Fact]
    public void Appends_are_equal()
    {
        byte[] damaged = Batches.Of(0, 2);
        damaged[^1] ^= 1;
        Compare(
            server => Append(server, Batches.Of(20, 2)),
            server => Append(server, damaged),
            server => Append(server, Batches.Of(0, 1), acks: 2),
            server => Append(server, Batches.Of(0, 1), acks: 0),
            server => Append(server, Batches.Of(0, 1), acks: 1),
            server => Append(server, Batches.Of(0, 1), bucket: 5),
            server => Append(server, Batches.Of(0, 2, 900_001, 0)),
            server => Append(server, Batches.Of(2, 2, 900_001, 1)),
            server => Append(server, Batches.Of(0, 2, 900_001, 0)),
            server => Append(server, Batches.Of(2, 2, 900_001, 1)),
            server => Append(server, Batches.Of(4, 2, 900_001, 3)),
            server => Append(server, Batches.Of(0, 2, 900_002, 1)),
            server => Append(server, [.. Batches.Of(0, 2, 900_003, 0), .. Batches.Of(2, 2, 900_003, 1)]),
            server => Fetch(server, Shop.Fetch(server.Table, 0)));
    }

    [Fact]
    public void Refusals_are_equal()
    {
        PbAddColumn column = new() { ColumnName = "more", DataTypeJson = ByteString.CopyFrom(TableJson.Write(new FlussType(FlussTypeKind.Int))), ColumnPositionType = 0 };
        PbAddColumn first = column.Clone();
        first.ColumnPositionType = 1;
        PbAlterConfig set = new() { ConfigKey = "mine", ConfigValue = "1", OpType = 0 };
        Compare(
            server => Alter(server, new AlterTableRequest { AddColumns = { column }, ConfigChanges = { set } }),
            server => Alter(server, new AlterTableRequest { AddColumns = { first } }),
            server => Alter(server, new AlterTableRequest { DropColumns = { new PbDropColumn { ColumnName = "note" } } }),
            server => Alter(server, new AlterTableRequest { RenameColumns = { new PbRenameColumn { OldColumnName = "note", NewColumnName = "text" } } }),
            server => Alter(server, new AlterTableRequest { ConfigChanges = { new PbAlterConfig { ConfigKey = "mine", ConfigValue = "1", OpType = 2 } } }),
            server => Code(() => server.Coordinator.Call(ApiKey.GetLakeSnapshot, new GetLakeSnapshotRequest { TablePath = server.Path, SnapshotId = 1, Readable = true }, GetLakeSnapshotResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.GetLakeSnapshot, new GetLakeSnapshotRequest { TablePath = server.Path, SnapshotId = 1 }, GetLakeSnapshotResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.GetLakeSnapshot, new GetLakeSnapshotRequest { TablePath = server.Path }, GetLakeSnapshotResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.Metadata, new MetadataRequest { PartitionsId = { 987_654 } }, MetadataResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = server.Path, SchemaId = 9 }, GetTableSchemaResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.ListTables, new ListTablesRequest { DatabaseName = "no_such" }, ListTablesResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.GetDatabaseInfo, new GetDatabaseInfoRequest { DatabaseName = "no_such" }, GetDatabaseInfoResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.DropDatabase, new DropDatabaseRequest { DatabaseName = "no_such", IgnoreIfNotExists = false, Cascade = false }, DropDatabaseResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.DropDatabase, new DropDatabaseRequest { DatabaseName = "shop", IgnoreIfNotExists = false, Cascade = false }, DropDatabaseResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.CreateDatabase, new CreateDatabaseRequest { DatabaseName = "shop", IgnoreIfExists = false }, CreateDatabaseResponse.Parser)),
            server => Code(() => server.Coordinator.Call(ApiKey.GetFileSystemSecurityToken, new GetFileSystemSecurityTokenRequest(), GetFileSystemSecurityTokenResponse.Parser)),
            server => $"{(FlussErrorCode)server.Coordinator.Call(ApiKey.PrepareLakeTableSnapshot, new PrepareLakeTableSnapshotRequest { BucketOffsets = { new PbTableOffsets { TableId = server.Table.TableId, TablePath = server.Path, BucketOffsets = { new PbBucketOffset { BucketId = 1, LogEndOffset = 4 } } } } }, PrepareLakeTableSnapshotResponse.Parser).PrepareLakeTableResp.Single().ErrorCode}");
    }

    private static string Code(Action action)
    {
        try
        {
            action();
            return "success";
        }
        catch (FlussException exception)
        {
            return exception.Code.ToString();
        }
    }

    private static string Alter(Server server, AlterTableRequest request)
    {
        AlterTableRequest asked = request.Clone();
        asked.TablePath = server.Path;
        asked.IgnoreIfNotExists = false;
        return Code(() => server.Coordinator.Call(ApiKey.AlterTable, asked, AlterTableResponse.Parser));
    }

    private static string Append(Server server, byte[] records, int acks = -1, int bucket = 0)
    {
        try
        {
            PbProduceLogRespForBucket answer = server.Tablet.Call(ApiKey.ProduceLog, Shop.Produce(server.Table, bucket, records, acks), ProduceLogResponse.Parser).BucketsResp.Single();
            return answer.HasErrorCode ? ((FlussErrorCode)answer.ErrorCode).ToString() : $"{answer.BaseOffset}";
        }
        catch (FlussException exception)
        {
            return $"request: {exception.Code}";
        }
    }

    private static string Fetch(Server server, FetchLogRequest request)
    {
        PbFetchLogRespForBucket answer = server.Tablet.Call(ApiKey.FetchLog, request, FetchLogResponse.Parser).TablesResp.Single().BucketsResp.Single();
        return answer.HasErrorCode ? ((FlussErrorCode)answer.ErrorCode).ToString() : $"{answer.HighWatermark} {answer.LogStartOffset} {Show(answer.Records)}";
    }

    private static string Scan(Server server, int limit, int bucket = 0)
    {
        LimitScanResponse answer = server.Tablet.Call(ApiKey.LimitScan, new LimitScanRequest { TableId = server.Table.TableId, BucketId = bucket, Limit = limit }, LimitScanResponse.Parser);
        return answer.HasErrorCode ? ((FlussErrorCode)answer.ErrorCode).ToString() : $"{answer.IsLogTable} {Show(answer.Records)}";
    }

    private static string Stats(Server server, int bucket)
    {
        GetTableStatsRequest request = new() { TableId = server.Table.TableId, BucketsReq = { new PbTableStatsReqForBucket { BucketId = bucket } } };
        PbTableStatsRespForBucket answer = server.Tablet.Call(ApiKey.GetTableStats, request, GetTableStatsResponse.Parser).BucketsResp.Single();
        return answer.HasErrorCode ? ((FlussErrorCode)answer.ErrorCode).ToString() : $"{answer.RowCount}";
    }

    // A real server may cut the last batch; what is whole, and the bytes after its times and CRC, must agree.
    private static string Show(ByteString records)
    {
        byte[] bytes = records.ToByteArray();
        List<string> batches = [];
        for (int at = 0; LogBatchHeader.TryRead(bytes.AsSpan(at), out LogBatchHeader header); at += header.SizeInBytes)
        {
            batches.Add($"[{header.BaseOffset}-{header.NextOffset} {header.RecordCount} rows]");
        }

        return string.Join(' ', batches);
    }

    private static string Offsets(Server server, int type, long? timestamp, params int[] buckets)
    {
        ListOffsetsRequest request = new() { FollowerServerId = -1, OffsetType = type, TableId = server.Table.TableId, BucketId = { buckets } };
        if (timestamp is { } time)
        {
            request.StartTimestamp = time;
        }

        return string.Join(' ', server.Tablet.Call(ApiKey.ListOffsets, request, ListOffsetsResponse.Parser).Buckets.OrderBy(bucket => bucket.BucketId)
            .Select(bucket => $"{bucket.BucketId}={(bucket.HasErrorCode ? ((FlussErrorCode)bucket.ErrorCode).ToString() : bucket.Offset)}"));
    }

    private static MetadataResponse Metadata(Server server) => server.Coordinator.Call(ApiKey.Metadata, new MetadataRequest { TablePath = { server.Path } }, MetadataResponse.Parser);

    /// <summary>JSON with its keys in order, without what is the server's own.</summary>
    private static string Json(ByteString bytes) => Sorted(JsonNode.Parse(bytes.Memory.Span))?.ToJsonString() ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(entry => entry.Key != "table.datalake.paimon.warehouse").OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private void Compare(params Func<Server, string>[] probes)
    {
        TablePath path = new("shop", LabTable.Unique("embedded_wire").Name);
        using EmbeddedKit kit = new();
        using Server real = Server.Open(Cluster.Servers, path);
        using Server embedded = Server.Open(kit.Fluss.BootstrapServers, path);
        List<string> different = [];
        for (int i = 0; i < probes.Length; i++)
        {
            (string one, string other) = (probes[i](real), probes[i](embedded));
            if (one != other)
            {
                different.Add($"probe {i}:\nreal:     {one}\nembedded: {other}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    /// <summary>One of the two, with a table of two buckets: rows 0 to 8 in bucket 0, three a batch, none in bucket 1.</summary>
    private sealed record Server(Wire Coordinator, Wire Tablet, TableInfo Table) : IDisposable
    {
        public PbTablePath Path => Table.Path.ToMessage();

        public static Server Open(string address, TablePath path)
        {
            Wire coordinator = new(address);
            coordinator.CreateDatabase(path.Database);
            coordinator.CreateTable(path, Shop.Descriptor(2) with
            {
                Comment = "compared",
                BucketKeys = ["id"],
                Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
                CustomProperties = new Dictionary<string, string> { ["mine"] = "1" },
            });
            Server server = new(coordinator, Wire.ToTablet(address), coordinator.GetTable(path));

            // Offsets are given without a leader, too; rows are not.
            Assert.True(Eventually.True(() => Enumerable.Range(0, 2).All(bucket => Scan(server, 1, bucket) == "True "), TimeSpan.FromSeconds(20)), "The buckets have no leaders.");
            for (int i = 0; i < 3; i++)
            {
                server.Tablet.Append(server.Table, Batches.Of(i * 3, 3));
            }

            return server;
        }

        public void Dispose()
        {
            Coordinator.Dispose();
            Tablet.Dispose();
        }
    }
}
