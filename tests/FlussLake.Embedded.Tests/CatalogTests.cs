using System.Text.Json;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests;

public sealed class CatalogTests
{
    [Fact]
    public async Task Databases_are_made_listed_described_and_dropped()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.Call(ApiKey.CreateDatabase, new CreateDatabaseRequest { DatabaseName = "a", IgnoreIfExists = false, DatabaseJson = ByteString.CopyFromUtf8("""{"version":1,"comment":"first","custom_properties":{"k":"v"}}""") }, CreateDatabaseResponse.Parser);
        Assert.Equal(FlussErrorCode.DatabaseAlreadyExist, Fails(() => wire.Call(ApiKey.CreateDatabase, new CreateDatabaseRequest { DatabaseName = "a", IgnoreIfExists = false }, CreateDatabaseResponse.Parser)));
        wire.CreateDatabase("a");
        wire.CreateTable(new TablePath("a", "t"), Shop.Descriptor());
        PbDatabaseSummary summary = wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest { IncludeSummary = true }, ListDatabasesResponse.Parser).DatabaseSummary[0];
        Assert.Equal(("a", 1), (summary.DatabaseName, summary.TableCount));
        Assert.Contains("first", wire.Call(ApiKey.GetDatabaseInfo, new GetDatabaseInfoRequest { DatabaseName = "a" }, GetDatabaseInfoResponse.Parser).DatabaseJson.ToStringUtf8(), StringComparison.Ordinal);
        Assert.True(wire.Call(ApiKey.DatabaseExists, new DatabaseExistsRequest { DatabaseName = "a" }, DatabaseExistsResponse.Parser).Exists);

        Assert.Equal(FlussErrorCode.DatabaseNotEmpty, Fails(() => Drop("a", cascade: false)));
        Drop("a", cascade: true);
        Assert.Equal(FlussErrorCode.DatabaseNotExist, Fails(() => Drop("a", cascade: true)));
        Assert.Equal(FlussErrorCode.DatabaseNotExist, Fails(() => wire.Call(ApiKey.ListTables, new ListTablesRequest { DatabaseName = "a" }, ListTablesResponse.Parser)));
        Assert.Equal(FlussErrorCode.DatabaseNotExist, Fails(() => wire.Call(ApiKey.GetDatabaseInfo, new GetDatabaseInfoRequest { DatabaseName = "a" }, GetDatabaseInfoResponse.Parser)));
        Assert.Equal(FlussErrorCode.DatabaseNotExist, Fails(() => wire.CreateTable(new TablePath("a", "t"), Shop.Descriptor())));
        foreach (string name in (string[])["", "a b", "__a", new('a', 201), "ä", "a.b"])
        {
            Assert.Equal(FlussErrorCode.InvalidDatabase, Fails(() => wire.CreateDatabase(name)));
        }

        void Drop(string name, bool cascade) =>
            wire.Call(ApiKey.DropDatabase, new DropDatabaseRequest { DatabaseName = name, IgnoreIfNotExists = false, Cascade = cascade }, DropDatabaseResponse.Parser);
    }

    [Fact]
    public async Task A_table_gets_the_servers_defaults()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DefaultBucketCount = 4 }, TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        wire.CreateTable(Shop.Orders, Shop.Descriptor(null) with { Comment = "all", CustomProperties = new Dictionary<string, string> { ["mine"] = "1" } });
        TableInfo table = wire.GetTable(Shop.Orders);
        Assert.Equal((4, 1, "all", "1"), (table.BucketCount, table.Schema.SchemaId, table.Comment, table.CustomProperties["mine"]));
        Assert.Equal("1", table.Properties["table.replication.factor"]);
        Assert.Equal("paimon", table.Properties["table.datalake.format"]);
        Assert.DoesNotContain("table.datalake.paimon.warehouse", table.Properties.Keys);
        Assert.Equal(table.CreatedTime, table.ModifiedTime);
        MetadataResponse metadata = wire.Call(ApiKey.Metadata, new MetadataRequest { TablePath = { Shop.Orders.ToMessage() } }, MetadataResponse.Parser);
        Assert.Equal([0, 1, 2, 3], metadata.TableMetadata.Single().BucketMetadata.Select(bucket => bucket.BucketId));
        Assert.All(metadata.TableMetadata.Single().BucketMetadata, bucket => Assert.Equal(0, bucket.LeaderId));
    }

    [Fact]
    public async Task A_table_with_a_lake_shows_where_the_lake_is()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        wire.CreateTable(Shop.Orders, Shop.Descriptor() with { Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" } });
        TableInfo table = wire.GetTable(Shop.Orders);
        Assert.Equal("filesystem", table.Properties["table.datalake.paimon.metastore"]);
        Assert.Equal(fluss.LakeWarehouse, table.Properties["table.datalake.paimon.warehouse"]);
        PbTableMetadata metadata = wire.Call(ApiKey.Metadata, new MetadataRequest { TablePath = { Shop.Orders.ToMessage() } }, MetadataResponse.Parser).TableMetadata.Single();
        Assert.Contains("table.datalake.paimon.warehouse", metadata.TableJson.ToStringUtf8(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impossible_tables_are_refused_with_the_codes_of_the_real_server()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        TableDescriptor good = Shop.Descriptor();
        FlussColumn array = new("list", new FlussType(FlussTypeKind.Array) { Element = new FlussType(FlussTypeKind.Int) }, 2);
        Expect(FlussErrorCode.InvalidTable, good with { PrimaryKey = ["id"] }, "primary key");
        Expect(FlussErrorCode.InvalidTable, good with { Columns = [] }, "no columns");
        Expect(FlussErrorCode.InvalidTable, good with { Columns = [.. good.Columns, good.Columns[0] with { Id = 2 }] }, "id");
        Expect(FlussErrorCode.InvalidTable, good with { Columns = [good.Columns[0] with { Name = "__bucket" }] }, "__bucket");
        Expect(FlussErrorCode.InvalidTable, good with { BucketKeys = ["nope"] }, "nope");
        Expect(FlussErrorCode.InvalidTable, good with { PartitionKeys = ["nope"] }, "nope");
        Expect(FlussErrorCode.InvalidTable, good with { PartitionKeys = ["note"], BucketKeys = ["note"] }, "note");
        Expect(FlussErrorCode.InvalidTable, good with { Columns = [.. good.Columns, array], BucketKeys = ["list"] }, "ARRAY");
        Expect(FlussErrorCode.InvalidTable, good with { BucketCount = 0 }, "0 buckets");
        Expect(FlussErrorCode.BucketMaxNum, good with { BucketCount = 128_001 }, "128001");
        Expect(FlussErrorCode.InvalidReplicationFactor, With("table.replication.factor", "2"), "2 replicas");
        Expect(FlussErrorCode.InvalidConfig, With("table.nope", "1"), "table.nope");
        Expect(FlussErrorCode.InvalidConfig, With("nope", "1"), "custom");
        Expect(FlussErrorCode.InvalidConfig, With("table.log.ttl", "soon"), "soon");
        Expect(FlussErrorCode.InvalidConfig, With("table.log.format", "csv"), "csv");
        Expect(FlussErrorCode.InvalidConfig, With("table.datalake.enabled", "maybe"), "maybe");
        Expect(FlussErrorCode.InvalidConfig, With("table.merge-engine", "first_row"), "primary key");
        Expect(FlussErrorCode.InvalidConfig, With("table.auto-partition.enabled", "true"), "partition columns");
        Assert.Equal(FlussErrorCode.InvalidTable, Fails(() => wire.CreateTable(new TablePath("shop", "a.b"), good)));
        Assert.Equal(FlussErrorCode.InvalidTable, Fails(() => wire.Call(
            ApiKey.CreateTable, new CreateTableRequest { TablePath = Shop.Orders.ToMessage(), TableJson = ByteString.CopyFromUtf8("{"), IgnoreIfExists = false }, CreateTableResponse.Parser)));
        Assert.Empty(wire.Call(ApiKey.ListTables, new ListTablesRequest { DatabaseName = "shop" }, ListTablesResponse.Parser).TableName);

        TableDescriptor With(string key, string value) => good with { Properties = new Dictionary<string, string> { [key] = value } };

        void Expect(FlussErrorCode code, TableDescriptor table, string part)
        {
            FlussException refused = Assert.Throws<FlussException>(() => wire.CreateTable(Shop.Orders, table));
            Assert.Equal(code, refused.Code);
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
            Assert.Contains("shop.orders", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Columns_are_added_at_the_end_with_the_next_ids_and_old_schemas_stay()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        FlussType row = new(FlussTypeKind.Row) { Fields = [new FlussField("x", new FlussType(FlussTypeKind.Int), -1), new FlussField("y", new FlussType(FlussTypeKind.Row) { Fields = [new FlussField("z", new FlussType(FlussTypeKind.Int), -1)] }, -1)] };
        Add("pair", row);
        TableInfo altered = wire.GetTable(Shop.Orders);
        Assert.Equal((table.TableId, 2), (altered.TableId, altered.Schema.SchemaId));
        FlussColumn added = altered.Schema.Columns[2];
        Assert.Equal((2, 3, 4, 5), (added.Id, added.Type.Fields[0].Id, added.Type.Fields[1].Id, added.Type.Fields[1].Type.Fields[0].Id));
        GetTableSchemaResponse first = wire.Call(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = Shop.Orders.ToMessage(), SchemaId = 1 }, GetTableSchemaResponse.Parser);
        Assert.Equal(2, TableJson.ReadSchema(Shop.Orders, 1, first.SchemaJson.Memory).Columns.Count);
        Assert.Equal(2, wire.Call(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = Shop.Orders.ToMessage() }, GetTableSchemaResponse.Parser).SchemaId);
        Assert.Equal(FlussErrorCode.SchemaNotExist, Fails(() => wire.Call(ApiKey.GetTableSchema, new GetTableSchemaRequest { TablePath = Shop.Orders.ToMessage(), SchemaId = 3 }, GetTableSchemaResponse.Parser)));

        Assert.Equal(FlussErrorCode.InvalidAlterTable, Fails(() => Add("pair", row)));
        Assert.Equal(FlussErrorCode.UnknownServerError, Fails(() => Add("strict", row with { IsNullable = false })));
        PbAddColumn noText = new() { ColumnName = "x", DataTypeJson = ByteString.CopyFromUtf8("{\"type\":\"\\ud800\"}"), ColumnPositionType = 0 };
        Assert.Contains("the type of column x is not JSON", Assert.Throws<FlussException>(() => Alter(new AlterTableRequest { AddColumns = { noText } })).Message, StringComparison.Ordinal);
        Assert.Equal(FlussErrorCode.UnknownServerError, Fails(() => Alter(new AlterTableRequest { DropColumns = { new PbDropColumn { ColumnName = "note" } } })));

        // A position that old batches lack cannot be projected.
        using Wire tablet = Wire.ToTablet(fluss);
        tablet.Append(altered, Batches.Of(0, 1));
        Assert.Equal(FlussErrorCode.InvalidColumnProjection, Fails(() => tablet.FetchOne(Shop.Fetch(altered, 0, projection: [0, 2]))));

        void Add(string name, FlussType type) =>
            Alter(new AlterTableRequest { AddColumns = { new PbAddColumn { ColumnName = name, DataTypeJson = ByteString.CopyFrom(TableJson.Write(type)), ColumnPositionType = 0 } } });

        void Alter(AlterTableRequest request)
        {
            request.TablePath = Shop.Orders.ToMessage();
            request.IgnoreIfNotExists = false;
            wire.Call(ApiKey.AlterTable, request, AlterTableResponse.Parser);
        }
    }

    [Fact]
    public async Task Many_columns_are_added_at_once_and_each_name_once()
    {
        const int Added = 20_000;
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        ByteString type = ByteString.CopyFrom(TableJson.Write(new FlussType(FlussTypeKind.Int)));
        AlterTableRequest request = new() { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false };
        request.AddColumns.AddRange(Enumerable.Range(0, Added).Select(i => new PbAddColumn { ColumnName = $"c{i}", DataTypeJson = type, ColumnPositionType = 0 }));
        AlterTableRequest twice = request.Clone();
        twice.AddColumns.Add(request.AddColumns[0]);
        Assert.Equal(FlussErrorCode.InvalidAlterTable, Fails(() => wire.Call(ApiKey.AlterTable, twice, AlterTableResponse.Parser)));
        wire.Call(ApiKey.AlterTable, request, AlterTableResponse.Parser);
        Assert.Equal(Enumerable.Range(0, Added + 2), wire.GetTable(Shop.Orders).Schema.Columns.Select(column => column.Id));
    }

    [Fact]
    public async Task Properties_that_may_change_change()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        Set("table.datalake.freshness", "1min");
        Set("mine", "2");
        TableInfo altered = wire.GetTable(Shop.Orders);
        Assert.Equal(("1min", "2"), (altered.Properties["table.datalake.freshness"], altered.CustomProperties["mine"]));
        Assert.True(altered.ModifiedTime >= table.ModifiedTime);
        Set("table.datalake.freshness", null);
        Assert.DoesNotContain("table.datalake.freshness", wire.GetTable(Shop.Orders).Properties.Keys);
        Assert.Equal(FlussErrorCode.InvalidAlterTable, Fails(() => Set("table.log.ttl", "1d")));
        Assert.Equal(FlussErrorCode.InvalidConfig, Fails(() => Set("table.log.tiered.local-segments", "0")));

        void Set(string key, string? value)
        {
            PbAlterConfig change = new() { ConfigKey = key, OpType = value is null ? 1 : 0 };
            if (value is not null)
            {
                change.ConfigValue = value;
            }

            wire.Call(ApiKey.AlterTable, new AlterTableRequest { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false, ConfigChanges = { change } }, AlterTableResponse.Parser);
        }
    }

    [Fact]
    public async Task Partitions_are_made_listed_filtered_and_dropped()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        TableDescriptor two = Shop.Descriptor() with
        {
            Columns = [.. Shop.Descriptor().Columns, new FlussColumn("day", new FlussType(FlussTypeKind.String), 2), new FlussColumn("land", new FlussType(FlussTypeKind.String), 3)],
            PartitionKeys = ["day", "land"],
        };
        wire.CreateTable(Shop.Orders, two);
        TableInfo table = wire.GetTable(Shop.Orders);
        Create(("land", "eu"), ("day", "1"));
        Create(("day", "1"), ("land", "us"));
        Create(("day", "2"), ("land", "eu"));
        Assert.Equal(FlussErrorCode.PartitionAlreadyExists, Fails(() => Create(("day", "2"), ("land", "eu"))));
        Assert.Equal(["1$eu", "1$us", "2$eu"], List());
        Assert.Equal(["1$eu", "2$eu"], List(("land", "eu")));
        Assert.Equal(FlussErrorCode.PartitionSpecInvalid, Fails(() => List(("nope", "eu"))));
        foreach ((string, string)[] bad in ((string, string)[][])[[("day", "1")], [("day", "1"), ("x", "eu")], [("day", "a b"), ("land", "eu")], [("day", "__1"), ("land", "eu")], [("day", "a$b"), ("land", "eu")]])
        {
            Assert.Equal(FlussErrorCode.PartitionSpecInvalid, Fails(() => Create(bad)));
        }

        MetadataResponse metadata = wire.Call(ApiKey.Metadata, new MetadataRequest { TablePath = { Shop.Orders.ToMessage() }, PartitionsPath = { new PbPhysicalTablePath { DatabaseName = "shop", TableName = "orders", PartitionName = "2$eu" } } }, MetadataResponse.Parser);
        Assert.Empty(metadata.TableMetadata.Single().BucketMetadata);
        PbPartitionMetadata partition = metadata.PartitionMetadata.Single();
        Assert.Equal((table.TableId, "2$eu", 1), (partition.TableId, partition.PartitionName, partition.BucketMetadata.Count));
        Assert.Equal("2$eu", wire.Call(ApiKey.Metadata, new MetadataRequest { PartitionsId = { partition.PartitionId } }, MetadataResponse.Parser).PartitionMetadata.Single().PartitionName);
        Assert.Equal(FlussErrorCode.PartitionNotExists, Fails(() => wire.Call(ApiKey.Metadata, new MetadataRequest { PartitionsId = { 99 } }, MetadataResponse.Parser)));

        using Wire tablet = Wire.ToTablet(fluss);
        Assert.Equal(0, tablet.Append(table, Batches.Of(0, 1), partition: partition.PartitionId));
        Drop(("day", "2"), ("land", "eu"));
        Assert.Equal(FlussErrorCode.PartitionNotExists, Fails(() => Drop(("day", "2"), ("land", "eu"))));
        Assert.Equal(FlussErrorCode.UnknownTableOrBucket, Fails(() => tablet.Append(table, Batches.Of(0, 1), partition: partition.PartitionId)));
        Create(("day", "2"), ("land", "eu"));
        Assert.NotEqual(partition.PartitionId, Infos().PartitionInfos.Single(info => info.PartitionSpec.PartitionKeyValues[0].Value == "2").PartitionId);
        wire.CreateTable(new TablePath("shop", "plain"), Shop.Descriptor());
        Assert.Equal(FlussErrorCode.TableNotPartitioned, Fails(() => wire.Call(ApiKey.ListPartitionInfos, new ListPartitionInfosRequest { TablePath = new TablePath("shop", "plain").ToMessage() }, ListPartitionInfosResponse.Parser)));

        void Create(params (string Key, string Value)[] values) =>
            wire.Call(ApiKey.CreatePartition, new CreatePartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec(values), IgnoreIfExists = false }, CreatePartitionResponse.Parser);

        void Drop(params (string Key, string Value)[] values) =>
            wire.Call(ApiKey.DropPartition, new DropPartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec(values), IgnoreIfNotExists = false }, DropPartitionResponse.Parser);

        ListPartitionInfosResponse Infos(params (string Key, string Value)[] filter)
        {
            ListPartitionInfosRequest request = new() { TablePath = Shop.Orders.ToMessage() };
            if (filter.Length > 0)
            {
                request.PartialPartitionSpec = Spec(filter);
            }

            return wire.Call(ApiKey.ListPartitionInfos, request, ListPartitionInfosResponse.Parser);
        }

        IEnumerable<string> List(params (string Key, string Value)[] filter) =>
            [.. Infos(filter).PartitionInfos.Select(info => string.Join('$', info.PartitionSpec.PartitionKeyValues.Select(pair => pair.Value)))];
    }

    [Fact]
    public async Task A_dropped_table_takes_its_rows_with_it_and_its_id_is_not_used_again()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo first = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        tablet.Append(first, Batches.Of(0, 1));
        using Wire wire = new(fluss.BootstrapServers);
        wire.Call(ApiKey.DropTable, new DropTableRequest { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false }, DropTableResponse.Parser);
        Assert.Equal(FlussErrorCode.TableNotExist, Fails(() => wire.Call(ApiKey.DropTable, new DropTableRequest { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false }, DropTableResponse.Parser)));
        TableInfo second = fluss.CreateOrders();
        Assert.True(second.TableId > first.TableId);
        Assert.Equal(FlussErrorCode.UnknownTableOrBucket, Fails(() => tablet.Append(first, Batches.Of(0, 1))));
        using FlussClient client = fluss.Client();
        Assert.Empty(client.ReadIds(Shop.Orders));
    }

    [Fact]
    public async Task Automatic_partitions_of_the_first_moment_are_made_with_the_table()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TimeProvider = new FixedTime() }, TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        foreach ((string unit, string first, string second) in ((string, string, string)[])[("HOUR", "2026123123", "2027010100"), ("DAY", "20261231", "20270101"), ("MONTH", "202612", "202701"), ("QUARTER", "20264", "20271"), ("YEAR", "2026", "2027")])
        {
            TablePath path = new("shop", $"by_{unit.ToLowerInvariant()}");
            wire.CreateTable(path, Shop.Descriptor(1, "note") with
            {
                Properties = new Dictionary<string, string> { ["table.auto-partition.enabled"] = "true", ["table.auto-partition.time-unit"] = unit, ["table.auto-partition.time-zone"] = "UTC" },
            });
            ListPartitionInfosResponse partitions = wire.Call(ApiKey.ListPartitionInfos, new ListPartitionInfosRequest { TablePath = path.ToMessage() }, ListPartitionInfosResponse.Parser);
            Assert.Equal([first, second], partitions.PartitionInfos.Select(info => info.PartitionSpec.PartitionKeyValues.Single().Value).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(1001, 1, FlussErrorCode.PartitionMaxNum)]
    [InlineData(1000, 129, FlussErrorCode.BucketMaxNum)]
    public async Task More_automatic_partitions_than_a_table_may_have_are_refused(int count, int buckets, FlussErrorCode code)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        FlussException refused = Assert.Throws<FlussException>(() => wire.CreateTable(Shop.Orders, Shop.Descriptor(buckets, "note") with
        {
            Properties = new Dictionary<string, string> { ["table.auto-partition.enabled"] = "true", ["table.auto-partition.num-precreate"] = $"{count}" },
        }));
        Assert.Equal(code, refused.Code);
        Assert.Contains($"shop.orders cannot have {count} partitions", refused.Message, StringComparison.Ordinal);
        Assert.Equal(FlussErrorCode.TableNotExist, Fails(() => wire.GetTable(Shop.Orders)));
    }

    [Fact]
    public async Task What_is_named_many_times_is_described_once()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        fluss.CreateOrders(1, "note");
        using Wire wire = new(fluss.BootstrapServers);
        wire.Call(ApiKey.CreatePartition, new CreatePartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec([("note", "a")]), IgnoreIfExists = false }, CreatePartitionResponse.Parser);
        MetadataRequest request = new();
        for (int i = 0; i < 1000; i++)
        {
            request.TablePath.Add(Shop.Orders.ToMessage());
            request.PartitionsPath.Add(new PbPhysicalTablePath { DatabaseName = "shop", TableName = "orders", PartitionName = "a" });
        }

        MetadataResponse metadata = wire.Call(ApiKey.Metadata, request, MetadataResponse.Parser);
        Assert.Single(metadata.TableMetadata);
        long id = Assert.Single(metadata.PartitionMetadata).PartitionId;
        Assert.Single(wire.Call(ApiKey.Metadata, new MetadataRequest { PartitionsId = { id, id, id } }, MetadataResponse.Parser).PartitionMetadata);
    }

    [Fact]
    public async Task Partitions_are_found_by_their_ids_until_they_or_their_table_or_database_are_dropped()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            fluss.CreateOrders(1, "note");
            using Wire wire = new(fluss.BootstrapServers);
            foreach (string value in (string[])["a", "b", "c"])
            {
                wire.Call(ApiKey.CreatePartition, new CreatePartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec([("note", value)]), IgnoreIfExists = false }, CreatePartitionResponse.Parser);
            }

            Assert.Equal(["a", "b", "c"], Names(wire, 0, 1, 2));
        }

        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using Wire wire = new(fluss.BootstrapServers);
            wire.Call(ApiKey.DropPartition, new DropPartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec([("note", "b")]), IgnoreIfNotExists = false }, DropPartitionResponse.Parser);
            Assert.Equal(["c", "a"], Names(wire, 2, 0));
            Assert.Equal(FlussErrorCode.PartitionNotExists, Fails(() => Names(wire, 1)));
            wire.Call(ApiKey.DropDatabase, new DropDatabaseRequest { DatabaseName = "shop", IgnoreIfNotExists = false, Cascade = true }, DropDatabaseResponse.Parser);
            Assert.Equal(FlussErrorCode.PartitionNotExists, Fails(() => Names(wire, 0)));
        }

        static IEnumerable<string> Names(Wire wire, params long[] ids) =>
            wire.Call(ApiKey.Metadata, new MetadataRequest { PartitionsId = { ids } }, MetadataResponse.Parser).PartitionMetadata.Select(partition => partition.PartitionName);
    }

    [Fact]
    public async Task What_answers_hold_is_json_of_the_protocol()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        GetTableInfoResponse table = wire.Call(ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = Shop.Orders.ToMessage() }, GetTableInfoResponse.Parser);
        using JsonDocument json = JsonDocument.Parse(table.TableJson.Memory);
        Assert.Equal(
            ["version", "schema", "partition_key", "bucket_key", "bucket_count", "properties", "custom_properties"], json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    private static FlussErrorCode Fails(Action action) => Assert.Throws<FlussException>(action).Code;

    private static PbPartitionSpec Spec((string Key, string Value)[] values) => new() { PartitionKeyValues = { values.Select(value => new PbKeyValue { Key = value.Key, Value = value.Value }) } };

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 12, 31, 23, 30, 0, TimeSpan.Zero);
    }
}
