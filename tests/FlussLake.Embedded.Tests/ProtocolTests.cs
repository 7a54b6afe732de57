using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public async Task Coordinator_and_tablet_servers_name_their_kind_and_what_they_serve()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TabletServers = 2 }, TestContext.Current.CancellationToken);
        using Wire coordinator = new(fluss.BootstrapServers);
        using Wire tablet = Wire.ToTablet(fluss, 1);
        ApiVersionsResponse first = Versions(coordinator);
        ApiVersionsResponse second = Versions(tablet);
        Assert.Equal((1, 2), (first.ServerType, second.ServerType));
        Assert.All(first.ApiVersions.Concat(second.ApiVersions), version => Assert.Equal((0, 0), (version.MinVersion, version.MaxVersion)));
        HashSet<int> coordinatorKeys = [.. first.ApiVersions.Select(version => version.ApiKey)];
        HashSet<int> tabletKeys = [.. second.ApiVersions.Select(version => version.ApiKey)];
        foreach (ApiKey key in (ApiKey[])[ApiKey.ApiVersions, ApiKey.Authenticate, ApiKey.Metadata, ApiKey.GetTableInfo, ApiKey.ListTables, ApiKey.GetLakeSnapshot])
        {
            Assert.Contains((int)key, coordinatorKeys);
            Assert.Contains((int)key, tabletKeys);
        }

        Assert.Contains((int)ApiKey.CreateTable, coordinatorKeys);
        Assert.DoesNotContain((int)ApiKey.CreateTable, tabletKeys);
        Assert.Contains((int)ApiKey.FetchLog, tabletKeys);
        Assert.DoesNotContain((int)ApiKey.FetchLog, coordinatorKeys);
        Assert.DoesNotContain(1016, coordinatorKeys.Concat(tabletKeys));
    }

    [Fact]
    public async Task What_is_not_served_or_cannot_be_read_is_refused_and_the_connection_goes_on()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        Assert.Equal(FlussErrorCode.UnsupportedVersion, Assert.Throws<FlussException>(() => wire.Call((ApiKey)1016, new ListDatabasesRequest(), ListDatabasesResponse.Parser)).Code);
        Assert.Equal(FlussErrorCode.UnsupportedVersion, Assert.Throws<FlussException>(() => wire.Call(ApiKey.FetchLog, new ListDatabasesRequest(), ListDatabasesResponse.Parser)).Code);

        // A body without its required fields, and one that is no message.
        FlussException refused = Assert.Throws<FlussException>(() => wire.Call(ApiKey.GetTableInfo, new ListDatabasesRequest(), GetTableInfoResponse.Parser));
        Assert.Contains("The body of the GetTableInfo request cannot be read: A required field of GetTableInfoRequest is missing.", refused.Message, StringComparison.Ordinal);
        wire.SendRaw(0, 0, 0, 12, 0x03, 0xF7, 0, 0, 0, 0, 0, 77, 0xFF, 0xFF, 0xFF, 0xFF);
        WireAnswer answer = wire.Receive()!;
        Assert.Equal((ResponseKind.RequestError, 77), (answer.Kind, answer.Id));
        Assert.NotEmpty(wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser).DatabaseName);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100 << 20)]
    [InlineData(0x47455420)]
    public async Task An_impossible_length_ends_the_connection_with_an_error_and_no_other(int length)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire bystander = new(fluss.BootstrapServers);
        using Wire wire = new(fluss.BootstrapServers);
        byte[] frame = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        wire.SendRaw(frame);
        WireAnswer answer = wire.Receive()!;
        Assert.Equal(ResponseKind.ServerFailure, answer.Kind);
        Assert.Contains($"{length}", answer.Error.ErrorMessage, StringComparison.Ordinal);
        Assert.Null(wire.Receive());
        Assert.NotEmpty(bystander.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser).DatabaseName);
    }

    [Fact]
    public async Task A_request_that_is_larger_than_it_can_sensibly_be_is_refused_before_it_is_read()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        FlussException refused = Assert.Throws<FlussException>(() => wire.Call(ApiKey.ListTables, new ListTablesRequest { DatabaseName = new string('x', 5 << 20) }, ListTablesResponse.Parser));
        Assert.Contains("too large", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser).DatabaseName);
    }

    [Fact]
    public async Task A_request_for_more_buckets_than_a_table_can_have_is_refused_as_one()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        ProduceLogRequest produce = Shop.Produce(table, 0, []);
        produce.BucketsReq.Add(Enumerable.Repeat(produce.BucketsReq[0], 128_000));
        ListOffsetsRequest offsets = new() { FollowerServerId = -1, OffsetType = 1, TableId = table.TableId, BucketId = { new int[128_001] } };
        GetTableStatsRequest stats = new() { TableId = table.TableId, BucketsReq = { Enumerable.Repeat(new PbTableStatsReqForBucket { BucketId = 0 }, 128_001) } };
        foreach (Action call in (Action[])[() => tablet.Call(ApiKey.ProduceLog, produce, ProduceLogResponse.Parser), () => tablet.Call(ApiKey.ListOffsets, offsets, ListOffsetsResponse.Parser), () => tablet.Call(ApiKey.GetTableStats, stats, GetTableStatsResponse.Parser)])
        {
            Assert.Contains("128001 buckets", Assert.Throws<FlussException>(call).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Random_bytes_never_stop_the_server()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        Random random = new(42);
        ApiKey[] keys = Enum.GetValues<ApiKey>();
        for (int i = 0; i < 200; i++)
        {
            using Wire wire = i % 2 == 0 ? new Wire(fluss.BootstrapServers) : Wire.ToTablet(fluss);
            byte[] frame = new byte[12 + random.Next(60)];
            random.NextBytes(frame);
            FrameFormat.WriteRequestHeader(frame, keys[random.Next(keys.Length)], 0, i);
            wire.SendRaw(frame);
            Assert.Equal(i, wire.Receive()!.Id);
        }

        using Wire tablet = Wire.ToTablet(fluss);
        Assert.Equal(0, tablet.Append(table, Batches.Of(0, 1)));
    }

    [Fact]
    public async Task Many_requests_of_one_connection_are_all_answered()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        HashSet<int> open = [];
        for (int i = 0; i < 400; i++)
        {
            open.Add(tablet.Send(ApiKey.ProduceLog, Shop.Produce(table, 0, Batches.Of(i, 1, 3, i))));
        }

        while (open.Count > 0)
        {
            WireAnswer answer = tablet.Receive()!;
            Assert.True(open.Remove(answer.Id!.Value));
            Assert.False(answer.Read(ProduceLogResponse.Parser).BucketsResp.Single().HasErrorCode);
        }

        using FlussClient client = fluss.Client();
        Assert.Equal(Enumerable.Range(0, 400).Select(id => (long)id), client.ReadIds(Shop.Orders));
    }

    [Fact]
    public async Task With_users_nothing_is_served_before_a_connection_has_authenticated()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(
            new EmbeddedFlussOptions { Users = new Dictionary<string, string> { ["ada"] = "pw" } }, TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        Assert.NotEmpty(Versions(wire).ApiVersions);
        Assert.Equal(FlussErrorCode.AuthenticationFailed, Assert.Throws<FlussException>(() => wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser)).Code);
        foreach (string token in (string[])["\0ada\0wrong", "\0eve\0pw", "ada\0pw", "", "eve\0ada\0pw"])
        {
            Assert.Equal(FlussErrorCode.AuthenticationFailed, Assert.Throws<FlussException>(() => Authenticate(wire, token)).Code);
        }

        AuthenticateResponse accepted = Authenticate(wire, "\0ada\0pw");
        Assert.True(accepted.HasChallenge && accepted.Challenge.IsEmpty);
        Assert.NotEmpty(wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser).DatabaseName);

        using FlussClient client = fluss.Client(user: "ada", password: "pw");
        Assert.Equal(["fluss"], await client.ListDatabasesAsync(TestContext.Current.CancellationToken));
        using FlussClient stranger = fluss.Client(user: "ada", password: "other");
        Assert.Equal(FlussErrorCode.AuthenticationFailed, (await Assert.ThrowsAsync<FlussException>(() => stranger.ListDatabasesAsync(TestContext.Current.CancellationToken))).Code);

        static AuthenticateResponse Authenticate(Wire wire, string token) => wire.Call(
            ApiKey.Authenticate, new AuthenticateRequest { Protocol = "PLAIN", Token = ByteString.CopyFromUtf8(token) }, AuthenticateResponse.Parser);
    }

    private static ApiVersionsResponse Versions(Wire wire) =>
        wire.Call(ApiKey.ApiVersions, new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }, ApiVersionsResponse.Parser);
}
