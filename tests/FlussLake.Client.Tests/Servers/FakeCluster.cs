using System.Text;

using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Tests.Servers;

/// <summary>Tablet servers with one table, shop.orders, whose logs lie in memory. A test may take over any request.</summary>
internal sealed partial class FakeCluster : IDisposable
{
    public const string SchemaJson = """
        {"version":1,"columns":[{"name":"id","data_type":{"type":"BIGINT","nullable":false},"id":0},{"name":"note","data_type":{"type":"STRING"},"id":1}],"highest_field_id":1}
        """;

    private readonly List<ScriptedServer> _servers = [];
    private readonly Lock _gate = new();

    public FakeCluster(int servers = 1, int buckets = 1, bool coordinator = false)
    {
        if (coordinator)
        {
            Coordinator = new ScriptedServer { ServerType = 1 };
            Coordinator.OnRequest = (connection, request) => Serve(CoordinatorNumber, connection, request);
        }

        for (int i = 0; i < buckets; i++)
        {
            Buckets.Add(new FakeBucket());
        }

        for (int i = 0; i < servers; i++)
        {
            int id = i;
            ScriptedServer server = new();
            server.OnRequest = (connection, request) => Serve(id, connection, request);
            _servers.Add(server);
        }
    }

    public static TablePath Path { get; } = new("shop", "orders");

    public long TableId { get; set; } = 42;

    public List<FakeBucket> Buckets { get; } = [];

    public IReadOnlyList<ScriptedServer> Servers => _servers;

    /// <summary>Sees every request first (with the number of the server), and returns true where it dealt with it.</summary>
    public Func<int, ScriptedConnection, ScriptedRequest, bool>? Intercept { get; set; }

    public FlussClientOptions Options => new()
    {
        BootstrapServers = [.. _servers.Select(server => server.Address)],
        RequestTimeout = TimeSpan.FromSeconds(20),
        MaxFetchWait = TimeSpan.FromMilliseconds(20),
    };

    public TableInfo Table => new()
    {
        Path = Path,
        TableId = TableId,
        BucketCount = Buckets.Count,
        Schema = TableJson.ReadSchema(Path, 1, Encoding.UTF8.GetBytes(SchemaJson)),
    };

    public TableBucket Bucket(int number) => new(TableId, null, number);

    public LogScanOptions Scan(params LogRange[] ranges) => new() { Table = Table, Ranges = ranges, Memory = new FetchMemory(FetchMemory.DefaultLimit) };

    public LogScanOptions ScanAll() => Scan([.. Buckets.Select((bucket, i) => new LogRange(Bucket(i), 0, bucket.HighWatermark))]);

    public static byte[] FetchAnswer(long tableId, int bucket, byte[]? records, long? highWatermark = null, FlussErrorCode error = FlussErrorCode.None, PbRemoteLogFetchInfo? remote = null)
    {
        using MemoryStream part = new();
        using (CodedOutputStream output = new(part, leaveOpen: true))
        {
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt32(bucket);
            if (error != FlussErrorCode.None)
            {
                output.WriteTag(3, WireFormat.WireType.Varint);
                output.WriteInt32((int)error);
                output.WriteTag(4, WireFormat.WireType.LengthDelimited);
                output.WriteString("scripted");
            }

            if (highWatermark is { } value)
            {
                output.WriteTag(5, WireFormat.WireType.Varint);
                output.WriteInt64(value);
            }

            // Fields that the client does not know or does not use.
            output.WriteTag(6, WireFormat.WireType.Varint);
            output.WriteInt64(0);
            output.WriteTag(99, WireFormat.WireType.Fixed64);
            output.WriteFixed64(7);
            if (remote is not null)
            {
                output.WriteTag(7, WireFormat.WireType.LengthDelimited);
                output.WriteMessage(remote);
            }

            if (records is not null)
            {
                output.WriteTag(8, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(records));
            }
        }

        using MemoryStream table = new();
        using (CodedOutputStream output = new(table, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(tableId);
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(part.ToArray()));
        }

        using MemoryStream body = new();
        using (CodedOutputStream output = new(body, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(table.ToArray()));
        }

        return body.ToArray();
    }

    public void Dispose()
    {
        Coordinator?.Dispose();
        foreach (ScriptedServer server in _servers)
        {
            server.Dispose();
        }
    }

    private void Serve(int server, ScriptedConnection connection, ScriptedRequest request)
    {
        if (Intercept?.Invoke(server, connection, request) == true)
        {
            return;
        }

        lock (_gate)
        {
            switch (request.Key)
            {
                case ApiKey.Metadata:
                    connection.Answer(request, Metadata());
                    break;
                case ApiKey.GetTableInfo:
                    string json = $$$"""
                        {"version":1,"schema":{{{SchemaJson}}},"partition_key":[],"bucket_key":[],"bucket_count":{{{Buckets.Count}}},"properties":{},"custom_properties":{}}
                        """;
                    connection.Answer(request, new GetTableInfoResponse
                    {
                        TableId = TableId,
                        SchemaId = 1,
                        TableJson = ByteString.CopyFromUtf8(json),
                        CreatedTime = 1,
                        ModifiedTime = 2,
                    });
                    break;
                case ApiKey.ListOffsets:
                    connection.Answer(request, Offsets(server, request.Read(ListOffsetsRequest.Parser)));
                    break;
                case ApiKey.FetchLog:
                    Fetch(server, connection, request);
                    break;
                case ApiKey.ListDatabases:
                    connection.Answer(request, new ListDatabasesResponse { DatabaseName = { "shop" } });
                    break;
                case ApiKey.InitWriter:
                    connection.Answer(request, new InitWriterResponse { WriterId = ++_lastWriter });
                    break;
                case ApiKey.ProduceLog:
                    connection.Answer(request, Produce(server, request.Read(ProduceLogRequest.Parser)));
                    break;
                case ApiKey.CreateDatabase or ApiKey.DropDatabase or ApiKey.CreateTable or ApiKey.DropTable or ApiKey.AlterTable:
                    connection.Answer(request, []);
                    break;
                default:
                    connection.Refuse(request, FlussErrorCode.UnknownServerError, $"{request.Key} is not scripted");
                    break;
            }
        }
    }

    public MetadataResponse Metadata()
    {
        MetadataResponse response = new();
        if (Coordinator is not null)
        {
            response.CoordinatorServer = new PbServerNode { NodeId = 100, Host = "127.0.0.1", Port = Coordinator.Port };
        }

        for (int i = 0; i < _servers.Count; i++)
        {
            response.TabletServers.Add(new PbServerNode { NodeId = i, Host = "127.0.0.1", Port = _servers[i].Port });
        }

        PbTableMetadata table = new() { TablePath = new PbTablePath { DatabaseName = Path.Database, TableName = Path.Table }, TableId = TableId };
        for (int i = 0; i < Buckets.Count; i++)
        {
            PbBucketMetadata bucket = new() { BucketId = i };
            if (Buckets[i].Leader is { } leader)
            {
                bucket.LeaderId = leader;
            }

            table.BucketMetadata.Add(bucket);
        }

        response.TableMetadata.Add(table);
        return response;
    }

    private ListOffsetsResponse Offsets(int server, ListOffsetsRequest request)
    {
        ListOffsetsResponse response = new();
        foreach (int number in request.BucketId)
        {
            FakeBucket bucket = Buckets[number];
            PbListOffsetsForBucket answer = new() { BucketId = number };
            if (bucket.Leader != server)
            {
                answer.ErrorCode = (int)FlussErrorCode.NotLeaderOrFollower;
            }
            else
            {
                answer.Offset = request.OffsetType == 0 ? bucket.LogStart : bucket.HighWatermark;
            }

            response.Buckets.Add(answer);
        }

        return response;
    }

    private void Fetch(int server, ScriptedConnection connection, ScriptedRequest request)
    {
        FetchLogRequest fetch = request.Read(FetchLogRequest.Parser);
        PbFetchLogReqForTable table = fetch.TablesReq.Single();
        PbFetchLogReqForBucket asked = table.BucketsReq.Single();
        FakeBucket bucket = Buckets[asked.BucketId];
        long offset = asked.FetchOffset == -2 ? bucket.LogStart : asked.FetchOffset;
        if (bucket.Leader != server || table.TableId != TableId)
        {
            connection.Answer(request, FetchAnswer(table.TableId, asked.BucketId, null, null, FlussErrorCode.NotLeaderOrFollower));
        }
        else if (offset < bucket.LogStart)
        {
            connection.Answer(request, FetchAnswer(TableId, asked.BucketId, null, null, FlussErrorCode.LogOffsetOutOfRange));
        }
        else
        {
            connection.Answer(request, FetchAnswer(TableId, asked.BucketId, bucket.Read(offset, asked.MaxFetchBytes), bucket.HighWatermark));
        }
    }
}
