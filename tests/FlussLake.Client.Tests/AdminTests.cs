using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

public sealed class AdminTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_go_to_the_coordinator_alone()
    {
        using FakeCluster cluster = new(coordinator: true);
        using FlussClient client = new(cluster.Options);
        await client.CreateDatabaseAsync("shop", cancellationToken: Token);
        await client.DropTableAsync(FakeCluster.Path, cancellationToken: Token);
        Assert.Equal(1, cluster.Coordinator!.Count(ApiKey.CreateDatabase));
        Assert.Equal(1, cluster.Coordinator.Count(ApiKey.DropTable));
        Assert.Equal(0, cluster.Servers[0].Count(ApiKey.CreateDatabase));
        Assert.Equal(1, cluster.Servers[0].Count(ApiKey.Metadata));
    }

    [Fact]
    public async Task A_change_that_the_server_refuses_as_no_coordinator_is_made_at_the_one_that_metadata_names_then()
    {
        using FakeCluster cluster = new(coordinator: true);
        int refusals = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.CreateDatabase || Interlocked.Increment(ref refusals) > 2)
            {
                return false;
            }

            connection.Refuse(request, FlussErrorCode.NotCoordinatorLeader);
            return true;
        };
        using FlussClient client = new(cluster.Options);
        await client.CreateDatabaseAsync("shop", cancellationToken: Token);
        Assert.Equal(3, cluster.Coordinator!.Count(ApiKey.CreateDatabase));
        Assert.Equal(3, cluster.Servers[0].Count(ApiKey.Metadata));
    }

    [Fact]
    public async Task A_call_that_is_tried_until_its_time_is_up_tells_why_it_failed_and_not_that_the_time_was_up()
    {
        using FakeCluster cluster = new(coordinator: true);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.CreateDatabase)
            {
                return false;
            }

            connection.Refuse(request, FlussErrorCode.NotCoordinatorLeader);
            return true;
        };
        using FlussClient client = new(cluster.Options with { RequestTimeout = TimeSpan.FromSeconds(1), MaxRetries = 100 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.CreateDatabaseAsync("shop", cancellationToken: Token));
        Assert.Equal(FlussErrorCode.NotCoordinatorLeader, failure.Code);
        Assert.True(cluster.Coordinator!.Count(ApiKey.CreateDatabase) > 1);
        Assert.Equal(1, cluster.Coordinator.ConnectionCount);
        Assert.Equal(1, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public async Task A_last_attempt_that_gets_no_answer_tells_also_of_the_failure_before_it()
    {
        using FakeCluster cluster = new(coordinator: true);
        int asked = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.DropDatabase)
            {
                return false;
            }

            if (Interlocked.Increment(ref asked) == 1)
            {
                connection.Refuse(request, FlussErrorCode.NotCoordinatorLeader);
            }

            return true;
        };
        using FlussClient client = new(cluster.Options with { RequestTimeout = TimeSpan.FromSeconds(1) });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.DropDatabaseAsync("shop", ignoreIfNotExists: true, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.NotCoordinatorLeader, failure.Code);
        Assert.Contains("(NotCoordinatorLeader)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("got no answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_not_made_twice_and_the_error_says_so()
    {
        using FakeCluster cluster = new(coordinator: true);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.CreateDatabase)
            {
                return false;
            }

            connection.Close();
            return true;
        };
        using FlussClient client = new(cluster.Options);
        FlussException lost = await Assert.ThrowsAsync<FlussException>(() => client.CreateDatabaseAsync("shop", cancellationToken: Token));
        Assert.Equal(FlussErrorCode.NetworkFailure, lost.Code);
        Assert.Contains("CreateDatabase of database shop: whether it took effect is not known", lost.Message, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Coordinator!.Count(ApiKey.CreateDatabase));
    }

    [Fact]
    public async Task A_change_that_may_be_repeated_is_repeated_when_its_answer_was_lost()
    {
        using FakeCluster cluster = new(coordinator: true);
        int lost = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key is not (ApiKey.CreateDatabase or ApiKey.AlterTable) || Interlocked.Increment(ref lost) % 2 == 0)
            {
                return false;
            }

            connection.Close();
            return true;
        };
        using FlussClient client = new(cluster.Options);
        await client.CreateDatabaseAsync("shop", ignoreIfExists: true, Token);
        await client.SetPropertiesAsync(FakeCluster.Path, new Dictionary<string, string?> { ["owner"] = "x", ["note"] = null }, Token);
        Assert.Equal(2, cluster.Coordinator!.Count(ApiKey.CreateDatabase));
        Assert.Equal(2, cluster.Coordinator.Count(ApiKey.AlterTable));
        AlterTableRequest request = cluster.Coordinator.Requests.First(request => request.Key == ApiKey.AlterTable).Read(AlterTableRequest.Parser);
        Assert.Equal([("owner", "x", 0), ("note", "", 1)], request.ConfigChanges.Select(change => (change.ConfigKey, change.ConfigValue, change.OpType)));
    }

    [Fact]
    public async Task A_created_table_is_waited_for_until_the_coordinator_names_a_leader_of_every_bucket()
    {
        using FakeCluster cluster = new(buckets: 3, coordinator: true);
        cluster.Buckets[2].Leader = null;
        int asked = 0;
        cluster.Intercept = (server, _, request) =>
        {
            if (server == FakeCluster.CoordinatorNumber && request.Key == ApiKey.Metadata && Interlocked.Increment(ref asked) == 3)
            {
                cluster.Buckets[2].Leader = 0;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        TableDescriptor table = new() { Columns = [new FlussColumn("a", FlussType.Parse("INT"), 0), new FlussColumn("b", FlussType.Parse("ROW<x INT>"), 0)] };
        await client.CreateTableAsync(FakeCluster.Path, table, cancellationToken: Token);
        Assert.Equal(3, asked);
        CreateTableRequest request = cluster.Coordinator!.Requests.First(request => request.Key == ApiKey.CreateTable).Read(CreateTableRequest.Parser);
        TableDescriptor sent = TableJson.ReadDescriptor(FakeCluster.Path, request.TableJson.Memory);
        Assert.Equal([0, 1], sent.Columns.Select(column => column.Id));
        Assert.Equal(2, sent.Columns[1].Type.Fields[0].Id);
        Assert.True(client.Metadata.TryGetLeader(cluster.Bucket(2), out _));
    }

    [Fact]
    public async Task Buckets_that_get_no_leader_in_time_are_an_error_that_counts_them()
    {
        using FakeCluster cluster = new(buckets: 2, coordinator: true);
        cluster.Buckets[1].Leader = null;
        using FlussClient client = new(cluster.Options with { MaxRetries = 2 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(
            () => client.CreateTableAsync(FakeCluster.Path, new TableDescriptor { Columns = [new FlussColumn("a", FlussType.Parse("INT"), 0)] }, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.LeaderNotAvailable, failure.Code);
        Assert.Contains("table shop.orders: only 1 of its 2 buckets have a leader", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_a_coordinator_is_told_of()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options with { MaxRetries = 1 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.CreateDatabaseAsync("shop", cancellationToken: Token));
        Assert.Contains("no coordinator", failure.Message, StringComparison.Ordinal);
    }
}
