using System.Text;

using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Client.Tests;

public sealed class MetadataTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_described_with_its_id_schema_and_buckets()
    {
        using FakeCluster cluster = new(buckets: 3);
        using FlussClient client = new(cluster.Options);
        TableInfo table = await client.GetTableInfoAsync(FakeCluster.Path, Token);
        Assert.Equal(42, table.TableId);
        Assert.Equal(3, table.BucketCount);
        Assert.Equal(["id BIGINT NOT NULL", "note STRING"], table.Schema.Columns.Select(column => $"{column.Name} {column.Type}"));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(2), table.ModifiedTime);
        Assert.Same(table.Schema, await client.GetSchemaAsync(table, 1, Token));
    }

    [Fact]
    public void Every_type_is_read_and_unknown_keys_are_ignored()
    {
        const string Json = """
            {"version":9,"new":{},"primary_key":["a"],"columns":[
            {"name":"a","data_type":{"type":"INTEGER","nullable":false,"x":1},"id":4,"comment":"c","agg_function":{"type":"sum"}},
            {"name":"b","data_type":{"type":"DECIMAL","precision":38,"scale":3}},
            {"name":"c","data_type":{"type":"TIMESTAMP_WITH_LOCAL_TIME_ZONE","precision":9}},
            {"name":"d","data_type":{"type":"MAP","key_type":{"type":"CHAR","length":3,"nullable":false},"value_type":{"type":"ARRAY","element_type":{"type":"BYTES"}}}},
            {"name":"e","data_type":{"type":"ROW","fields":[{"name":"x","field_type":{"type":"TIME_WITHOUT_TIME_ZONE","precision":0},"field_id":7},{"name":"y","field_type":{"type":"BINARY","length":2}}]}}]}
            """;
        TableSchema schema = TableJson.ReadSchema(FakeCluster.Path, 3, Encoding.UTF8.GetBytes(Json));
        Assert.Equal(
            ["INT NOT NULL", "DECIMAL(38, 3)", "TIMESTAMP_LTZ(9)", "MAP<CHAR(3) NOT NULL, ARRAY<BYTES>>", "ROW<x TIME(0), y BINARY(2)>"],
            schema.Columns.Select(column => column.Type.ToString()));
        Assert.Equal([4, 1, 2, 3, 4], schema.Columns.Select(column => column.Id));
        Assert.Equal([7, -1], schema.Columns[4].Type.Fields.Select(field => field.Id));
        Assert.Equal(["a"], schema.PrimaryKey);
        Assert.Equal("c", schema.Columns[0].Comment);
    }

    [Theory]
    [InlineData("""{"type":"VARIANT"}""", "note", "VARIANT")]
    [InlineData("""{"type":"DECIMAL","precision":39,"scale":0}""", "note", "precision")]
    [InlineData("""{"type":"ARRAY"}""", "note", "element_type")]
    [InlineData("""{"type":7}""", "note", "no name")]
    public void A_type_that_cannot_be_read_names_table_column_and_type(string type, string column, string what)
    {
        string json = $$"""{"columns":[{"name":"note","data_type":{{type}}}]}""";
        FlussException failure = Assert.Throws<FlussException>(() => TableJson.ReadSchema(FakeCluster.Path, 1, Encoding.UTF8.GetBytes(json)));
        Assert.Contains("shop.orders", failure.Message, StringComparison.Ordinal);
        Assert.Contains(column, failure.Message, StringComparison.Ordinal);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"columns\":{}}")]
    [InlineData("{\"columns\":[1]}")]
    [InlineData("{\"columns\":[],\"primary_key\":[1]}")]
    public void A_schema_that_is_none_is_an_error_that_names_the_table(string json)
    {
        FlussException failure = Assert.Throws<FlussException>(() => TableJson.ReadSchema(FakeCluster.Path, 1, Encoding.UTF8.GetBytes(json)));
        Assert.Equal(FlussErrorCode.InvalidTable, failure.Code);
        Assert.Contains("shop.orders", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_leaders_are_asked_for_offsets_at_once()
    {
        using FakeCluster cluster = new(servers: 2, buckets: 4);
        for (int i = 0; i < 4; i++)
        {
            cluster.Buckets[i].Leader = i % 2;
            cluster.Buckets[i].Append(10 + i);
        }

        // Neither server answers before both were asked.
        using CountdownEvent bothAsked = new(2);
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.ListOffsets)
            {
                bothAsked.Signal();
                Assert.True(bothAsked.Wait(TimeSpan.FromSeconds(10), Token));
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        IReadOnlyDictionary<int, long> offsets = await client.ListOffsetsAsync(cluster.Table, null, [0, 1, 2, 3], OffsetSpec.Latest, Token);
        Assert.Equal([10L, 11, 12, 13], Enumerable.Range(0, 4).Select(bucket => offsets[bucket]));
        Assert.Equal(1, cluster.Servers[0].Count(ApiKey.ListOffsets));
        Assert.Equal(1, cluster.Servers[1].Count(ApiKey.ListOffsets));
    }

    [Fact]
    public async Task Leaders_are_remembered_and_asked_for_anew_when_a_bucket_has_moved()
    {
        using FakeCluster cluster = new(servers: 2, buckets: 2);
        cluster.Buckets[0].Append(5);
        cluster.Buckets[1].Append(6);
        using FlussClient client = new(cluster.Options);
        await client.ListOffsetsAsync(cluster.Table, null, [0, 1], OffsetSpec.Latest, Token);
        await client.ListOffsetsAsync(cluster.Table, null, [0, 1], OffsetSpec.Latest, Token);
        Assert.Equal(1, cluster.Servers.Sum(server => server.Count(ApiKey.Metadata)));

        cluster.Buckets[1].Leader = 1;
        IReadOnlyDictionary<int, long> offsets = await client.ListOffsetsAsync(cluster.Table, null, [0, 1], OffsetSpec.Latest, Token);
        Assert.Equal((5L, 6L), (offsets[0], offsets[1]));
        Assert.Equal(2, cluster.Servers.Sum(server => server.Count(ApiKey.Metadata)));
        Assert.Equal(1, cluster.Servers[1].Count(ApiKey.ListOffsets));
    }

    [Fact]
    public async Task A_bucket_without_leader_is_waited_for()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Leader = null;
        cluster.Buckets[0].Append(3);
        int asked = 0;
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.Metadata && ++asked == 3)
            {
                cluster.Buckets[0].Leader = 0;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        Assert.Equal(3, (await client.ListOffsetsAsync(cluster.Table, null, [0], OffsetSpec.Latest, Token))[0]);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_bucket_that_stays_without_leader_is_named()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Leader = null;
        using FlussClient client = new(cluster.Options with { MaxRetries = 1 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListOffsetsAsync(cluster.Table, null, [0], OffsetSpec.Latest, Token));
        Assert.Equal(FlussErrorCode.LeaderNotAvailable, failure.Code);
        Assert.Contains("table shop.orders, bucket 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_went_back_for_a_moment_is_waited_for()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(10);
        using FlussClient client = new(cluster.Options);
        Assert.Equal(10, (await client.ListEndOffsetsAsync(cluster.Table, null, [0], Token))[0]);
        int asked = 0;
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.ListOffsets)
            {
                cluster.Buckets[0].HighWatermark = ++asked == 3 ? 12 : 4;
            }

            return false;
        };

        Assert.Equal(12, (await client.ListEndOffsetsAsync(cluster.Table, null, [0], Token))[0]);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task An_end_that_went_back_for_good_is_an_error_and_no_gap()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(10);
        using FlussClient client = new(cluster.Options with { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        await client.ListEndOffsetsAsync(cluster.Table, null, [0], Token);
        cluster.Buckets[0].HighWatermark = 4;

        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListEndOffsetsAsync(cluster.Table, null, [0], Token));

        Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, failure.Code);
        Assert.Contains("table shop.orders, bucket 0: the end of the log went back from offset 10 to 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_was_created_again_is_not_mistaken_for_the_old_one()
    {
        using FakeCluster cluster = new();
        TableInfo old = cluster.Table;
        cluster.TableId = 43;
        using FlussClient client = new(cluster.Options);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListOffsetsAsync(old, null, [0], OffsetSpec.Latest, Token));
        Assert.Equal(FlussErrorCode.TableNotExist, failure.Code);
        Assert.Contains("its id is 43 instead of 42", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_of_a_partition_is_asked_for_with_its_partition()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.Metadata)
            {
                Assert.Equal([7L], request.Read(MetadataRequest.Parser).PartitionsId);
                MetadataResponse response = cluster.Metadata();
                response.TableMetadata[0].BucketMetadata.Clear();
                response.PartitionMetadata.Add(new PbPartitionMetadata
                {
                    TableId = 42,
                    PartitionId = 7,
                    PartitionName = "eu",
                    BucketMetadata = { new PbBucketMetadata { BucketId = 0, LeaderId = 0 } },
                });
                connection.Answer(request, response);
                return true;
            }

            ListOffsetsRequest offsets = request.Read(ListOffsetsRequest.Parser);
            Assert.Equal((7L, -1), (offsets.PartitionId, offsets.FollowerServerId));
            connection.Answer(request, new ListOffsetsResponse { Buckets = { new PbListOffsetsForBucket { BucketId = 0, Offset = 17 } } });
            return true;
        };
        using FlussClient client = new(cluster.Options);
        Assert.Equal(17, (await client.ListOffsetsAsync(cluster.Table, 7, [0], OffsetSpec.Latest, Token))[0]);
    }

    [Fact]
    public async Task Only_the_code_for_no_snapshot_means_that_there_is_none()
    {
        FlussErrorCode code = FlussErrorCode.LakeSnapshotNotExist;
        using ScriptedServer server = new((connection, request) => connection.Refuse(request, code));
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address], MaxRetries = 0 });
        Assert.Null(await client.GetLakeSnapshotAsync(FakeCluster.Path, LakeSnapshotSpec.Readable, Token));
        code = FlussErrorCode.LakeStorageNotConfigured;
        Assert.Equal(code, (await Assert.ThrowsAsync<FlussException>(() => client.GetLakeSnapshotAsync(FakeCluster.Path, LakeSnapshotSpec.Readable, Token))).Code);
    }

    [Fact]
    public async Task A_lake_snapshot_names_the_buckets_whose_offset_is_known()
    {
        List<GetLakeSnapshotRequest> asked = [];
        using ScriptedServer server = new((connection, request) =>
        {
            asked.Add(request.Read(GetLakeSnapshotRequest.Parser));
            connection.Answer(request, new GetLakeSnapshotResponse
            {
                TableId = 42,
                SnapshotId = 9,
                BucketSnapshots =
                {
                    new PbLakeSnapshotForBucket { BucketId = 0, LogOffset = 100 },
                    new PbLakeSnapshotForBucket { BucketId = 1 },
                    new PbLakeSnapshotForBucket { BucketId = 2, LogOffset = -1 },
                    new PbLakeSnapshotForBucket { PartitionId = 3, BucketId = 0, LogOffset = 0 },
                },
            });
        });
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address] });
        LakeSnapshot? snapshot = await client.GetLakeSnapshotAsync(FakeCluster.Path, LakeSnapshotSpec.Readable, Token);
        Assert.Equal((42, 9), (snapshot!.TableId, snapshot.SnapshotId));
        Assert.Equal(2, snapshot.LogOffsets.Count);
        Assert.Equal(100, snapshot.LogOffsets[new TableBucket(42, null, 0)]);
        Assert.Equal(0, snapshot.LogOffsets[new TableBucket(42, 3, 0)]);

        await client.GetLakeSnapshotAsync(FakeCluster.Path, LakeSnapshotSpec.Latest, Token);
        await client.GetLakeSnapshotAsync(FakeCluster.Path, LakeSnapshotSpec.WithId(5), Token);
        Assert.Equal([true, false, false], asked.Select(request => request.HasReadable));
        Assert.Equal([false, false, true], asked.Select(request => request.HasSnapshotId));
    }

    [Fact]
    public async Task Partitions_are_listed_with_their_names()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, new ListPartitionInfosResponse
        {
            PartitionInfos =
            {
                new PbPartitionInfo
                {
                    PartitionId = 5,
                    PartitionSpec = new PbPartitionSpec { PartitionKeyValues = { new PbKeyValue { Key = "day", Value = "20260801" }, new PbKeyValue { Key = "area", Value = "eu" } } },
                },
            },
        }));
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address] });
        PartitionInfo partition = Assert.Single(await client.ListPartitionsAsync(FakeCluster.Path, Token));
        Assert.Equal((5L, "20260801$eu", "eu"), (partition.PartitionId, partition.Name, partition.Values["area"]));
    }

    [Fact]
    public async Task An_answer_without_a_required_field_is_refused_and_not_filled_up()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(
            request, new ListPartitionInfosResponse { PartitionInfos = { new PbPartitionInfo { PartitionId = 5 } } }));
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address], MaxRetries = 0 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListPartitionsAsync(FakeCluster.Path, Token));
        Assert.Equal(FlussErrorCode.CorruptMessage, failure.Code);
        Assert.Contains("shop.orders cannot be read: A required field of ListPartitionInfosResponse is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_version_is_asked_for_once()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(
            request, new GetTableSchemaResponse { SchemaId = request.Read(GetTableSchemaRequest.Parser).SchemaId, SchemaJson = ByteString.CopyFromUtf8(FakeCluster.SchemaJson) }));
        using FakeCluster cluster = new();
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address] });
        Assert.Equal(8, (await client.GetSchemaAsync(cluster.Table, 8, Token)).SchemaId);
        await client.GetSchemaAsync(cluster.Table, 8, Token);
        Assert.Equal(1, server.Count(ApiKey.GetTableSchema));
    }
}
