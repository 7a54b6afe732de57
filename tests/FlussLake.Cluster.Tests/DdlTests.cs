using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>Databases, tables, columns, properties and partitions that the client makes and changes on a real coordinator.</summary>
public sealed class DdlTests(MainCluster main) : ClusterTest(main), IDisposable
{
    private static int s_last;
    private readonly FlussClient _client = new(new FlussClientOptions { BootstrapServers = [main.Cluster.Servers] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_database_is_created_and_dropped_and_says_where_it_stands()
    {
        string database = Unique("ddl");
        await _client.CreateDatabaseAsync(database, cancellationToken: Token);
        Assert.True(await _client.DatabaseExistsAsync(database, Token));
        FlussException again = await Assert.ThrowsAsync<FlussException>(() => _client.CreateDatabaseAsync(database, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.DatabaseAlreadyExist, again.Code);
        Assert.Contains(database, again.Message, StringComparison.Ordinal);
        await _client.CreateDatabaseAsync(database, ignoreIfExists: true, Token);

        TablePath table = new(database, "t");
        await _client.CreateTableAsync(table, Simple(), cancellationToken: Token);
        Assert.Equal(
            FlussErrorCode.DatabaseNotEmpty, (await Assert.ThrowsAsync<FlussException>(() => _client.DropDatabaseAsync(database, cancellationToken: Token))).Code);
        await _client.DropDatabaseAsync(database, cascade: true, cancellationToken: Token);
        Assert.False(await _client.DatabaseExistsAsync(database, Token));
        Assert.Equal(
            FlussErrorCode.DatabaseNotExist, (await Assert.ThrowsAsync<FlussException>(() => _client.DropDatabaseAsync(database, cancellationToken: Token))).Code);
        await _client.DropDatabaseAsync(database, ignoreIfNotExists: true, cancellationToken: Token);
    }

    [Theory]
    [InlineData("no spaces")]
    [InlineData("__internal")]
    [InlineData("a.b")]
    public async Task A_name_that_is_not_valid_is_refused_and_named(string name)
    {
        FlussException database = await Assert.ThrowsAsync<FlussException>(() => _client.CreateDatabaseAsync(name, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.InvalidDatabase, database.Code);
        Assert.Contains(name, database.Message, StringComparison.Ordinal);
        FlussException table = await Assert.ThrowsAsync<FlussException>(() => _client.CreateTableAsync(new TablePath("shop", name), Simple(), cancellationToken: Token));
        Assert.Equal(FlussErrorCode.InvalidTable, table.Code);
        Assert.Contains(name, table.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_comes_back_as_it_was_described_and_its_buckets_have_leaders()
    {
        TablePath path = new("shop", Unique("ddl"));
        TableDescriptor described = new()
        {
            Columns =
            [
                new FlussColumn("id", FlussType.Parse("BIGINT NOT NULL"), 0) { Comment = "the key's \"comment\"" },
                new FlussColumn("inner", FlussType.Parse("ROW<x INT, y ARRAY<ROW<z STRING>>>"), 0),
                new FlussColumn("pairs", FlussType.Parse("MAP<STRING, DECIMAL(20, 4)>"), 0),
                new FlussColumn("at", FlussType.Parse("TIMESTAMP_LTZ(9)"), 0),
            ],
            BucketKeys = ["id"],
            BucketCount = 3,
            Comment = "orders",
            Properties = new Dictionary<string, string> { ["table.log.ttl"] = "3 d", ["table.log.arrow.compression.type"] = "LZ4_FRAME" },
            CustomProperties = new Dictionary<string, string> { ["owner"] = "tests" },
        };
        await _client.CreateTableAsync(path, described, cancellationToken: Token);

        TableInfo table = await _client.GetTableInfoAsync(path, Token);
        Assert.Equal(["id BIGINT NOT NULL", "inner ROW<x INT, y ARRAY<ROW<z STRING>>>", "pairs MAP<STRING NOT NULL, DECIMAL(20, 4)>", "at TIMESTAMP_LTZ(9)"],
            table.Schema.Columns.Select(column => $"{column.Name} {column.Type}"));
        Assert.Equal([0, 1, 5, 6], table.Schema.Columns.Select(column => column.Id));
        Assert.Equal("the key's \"comment\"", table.Schema.Columns[0].Comment);
        Assert.Equal(["id"], table.BucketKeys);
        Assert.Equal(3, table.BucketCount);
        Assert.Equal("orders", table.Comment);
        Assert.Equal("3 d", table.Properties["table.log.ttl"]);
        Assert.Equal("LZ4_FRAME", table.Properties["table.log.arrow.compression.type"]);
        Assert.Equal("tests", table.CustomProperties["owner"]);
        for (int bucket = 0; bucket < 3; bucket++)
        {
            Assert.True(_client.Metadata.TryGetLeader(new TableBucket(table.TableId, null, bucket), out _));
        }

        FlussException again = await Assert.ThrowsAsync<FlussException>(() => _client.CreateTableAsync(path, described, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.TableAlreadyExist, again.Code);
        Assert.Contains(path.ToString(), again.Message, StringComparison.Ordinal);
        await _client.CreateTableAsync(path, described, ignoreIfExists: true, Token);

        await _client.DropTableAsync(path, cancellationToken: Token);
        Assert.False(await _client.TableExistsAsync(path, Token));
        Assert.Equal(FlussErrorCode.TableNotExist, (await Assert.ThrowsAsync<FlussException>(() => _client.DropTableAsync(path, cancellationToken: Token))).Code);
        await _client.DropTableAsync(path, ignoreIfNotExists: true, Token);
    }

    [Fact]
    public async Task What_the_server_does_not_take_is_refused_by_name()
    {
        TablePath path = new("shop", Unique("ddl"));
        FlussException property = await Assert.ThrowsAsync<FlussException>(() => _client.CreateTableAsync(
            path, Simple() with { Properties = new Dictionary<string, string> { ["table.no.such"] = "1" } }, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.InvalidConfig, property.Code);
        Assert.Contains("table.no.such", property.Message, StringComparison.Ordinal);
        Assert.Contains(path.ToString(), property.Message, StringComparison.Ordinal);

        FlussException database = await Assert.ThrowsAsync<FlussException>(() => _client.CreateTableAsync(new TablePath("nowhere", "t"), Simple(), cancellationToken: Token));
        Assert.Equal(FlussErrorCode.DatabaseNotExist, database.Code);

        await Assert.ThrowsAsync<ArgumentException>(() => _client.CreateTableAsync(path, new TableDescriptor { Columns = [] }, cancellationToken: Token));
        Assert.False(await _client.TableExistsAsync(path, Token));
    }

    [Fact]
    public async Task Columns_are_added_at_the_end()
    {
        TablePath path = new("shop", Unique("ddl"));
        await _client.CreateTableAsync(path, Simple(), cancellationToken: Token);
        await _client.AddColumnsAsync(
            path, [new FlussColumn("extra", FlussType.Parse("ROW<x INT, y STRING>"), 0) { Comment = "added" }, new FlussColumn("more", FlussType.Parse("INT"), 0)], Token);
        TableInfo table = await _client.GetTableInfoAsync(path, Token);
        Assert.Equal(2, table.Schema.SchemaId);
        Assert.Equal(["id", "note", "extra", "more"], table.Schema.Columns.Select(column => column.Name));
        Assert.Equal("added", table.Schema.Columns[2].Comment);
        Assert.Equal("ROW<x INT, y STRING>", table.Schema.Columns[2].Type.ToString());

        FlussException refused = await Assert.ThrowsAsync<FlussException>(
            () => _client.AddColumnsAsync(path, [new FlussColumn("must", FlussType.Parse("INT NOT NULL"), 0)], Token));
        Assert.Contains("must", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task Properties_are_set_and_reset()
    {
        TablePath path = new("shop", Unique("ddl"));
        await _client.CreateTableAsync(path, Simple(), cancellationToken: Token);
        await _client.SetPropertiesAsync(path, new Dictionary<string, string?> { ["table.datalake.freshness"] = "5 min", ["owner"] = "tests" }, Token);
        TableInfo table = await _client.GetTableInfoAsync(path, Token);
        Assert.Equal("5 min", table.Properties["table.datalake.freshness"]);
        Assert.Equal("tests", table.CustomProperties["owner"]);

        await _client.SetPropertiesAsync(path, new Dictionary<string, string?> { ["owner"] = null }, Token);
        Assert.False((await _client.GetTableInfoAsync(path, Token)).CustomProperties.ContainsKey("owner"));
        FlussException refused = await Assert.ThrowsAsync<FlussException>(
            () => _client.SetPropertiesAsync(path, new Dictionary<string, string?> { ["table.no.such"] = "1" }, Token));
        Assert.Contains("table.no.such", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_are_created_and_dropped()
    {
        TablePath path = new("shop", Unique("ddl"));
        TableDescriptor described = Simple();
        await _client.CreateTableAsync(
            path,
            described with { Columns = [.. described.Columns, new FlussColumn("day", FlussType.Parse("STRING"), 2), new FlussColumn("country", FlussType.Parse("STRING"), 3)], PartitionKeys = ["day", "country"] },
            cancellationToken: Token);
        Dictionary<string, string> values = new() { ["country"] = "de", ["day"] = "20260801" };
        await _client.CreatePartitionAsync(path, values, cancellationToken: Token);
        Assert.Equal(["20260801$de"], (await _client.ListPartitionsAsync(path, Token)).Select(partition => partition.Name));
        FlussException again = await Assert.ThrowsAsync<FlussException>(() => _client.CreatePartitionAsync(path, values, cancellationToken: Token));
        Assert.Equal(FlussErrorCode.PartitionAlreadyExists, again.Code);
        await _client.CreatePartitionAsync(path, values, ignoreIfExists: true, Token);
        Assert.Equal(
            FlussErrorCode.PartitionSpecInvalid,
            (await Assert.ThrowsAsync<FlussException>(() => _client.CreatePartitionAsync(path, new Dictionary<string, string> { ["day"] = "x" }, cancellationToken: Token))).Code);

        await _client.DropPartitionAsync(path, values, cancellationToken: Token);
        Assert.Empty(await _client.ListPartitionsAsync(path, Token));
        Assert.Equal(
            FlussErrorCode.PartitionNotExists, (await Assert.ThrowsAsync<FlussException>(() => _client.DropPartitionAsync(path, values, cancellationToken: Token))).Code);
        await _client.DropPartitionAsync(path, values, ignoreIfNotExists: true, Token);

        TablePath plain = new("shop", Unique("ddl"));
        await _client.CreateTableAsync(plain, Simple(), cancellationToken: Token);
        Assert.Equal(
            FlussErrorCode.TableNotPartitioned, (await Assert.ThrowsAsync<FlussException>(() => _client.CreatePartitionAsync(plain, values, cancellationToken: Token))).Code);
    }

    private static string Unique(string name) => $"{name}_{Environment.ProcessId}_{Interlocked.Increment(ref s_last)}";

    private static TableDescriptor Simple() => new()
    {
        Columns = [new FlussColumn("id", FlussType.Parse("BIGINT NOT NULL"), 0), new FlussColumn("note", FlussType.Parse("STRING"), 1)],
    };
}
