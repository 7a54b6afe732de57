using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Tests.Tiering;

public sealed class PaimonCatalogTests : IDisposable
{
    private static readonly FlussType s_int = new(FlussTypeKind.Int);
    private readonly Warehouse _warehouse = new();

    public void Dispose() => _warehouse.Dispose();

    [Fact]
    public void A_table_gets_its_columns_the_system_columns_and_its_options()
    {
        TableInfo table = Batches.Table(3, ["id"], [], ("id", s_int)) with
        {
            CustomProperties = new Dictionary<string, string> { ["paimon.file.block-size"] = "1 mb", ["my.own"] = "v" },
            Comment = "orders",
        };
        Assert.False(_warehouse.Catalog.TableExists(table.Path));
        _warehouse.Catalog.CreateTable(table);
        Assert.True(_warehouse.Catalog.TableExists(table.Path));
        JsonNode json = Schema(table, 0);
        Assert.Equal(["id:0:INT", "__bucket:1:INT", "__offset:2:BIGINT", "__timestamp:3:TIMESTAMP(3) WITH LOCAL TIME ZONE"], Fields(json));
        Assert.Equal(3, json["highestFieldId"]!.GetValue<int>());
        Assert.Equal("orders", json["comment"]!.GetValue<string>());
        Assert.Equal(
            ["bucket-key=id", "bucket=3", "file.block-size=1 mb", "fluss.my.own=v", "fluss.table.datalake.enabled=true", "partition.legacy-name=false"],
            json["options"]!.AsObject().Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_equal_empty_table_is_taken_and_others_are_refused()
    {
        TableInfo table = Batches.Table(1, [], [], ("id", s_int));
        _warehouse.Catalog.CreateTable(table);
        _warehouse.Catalog.CreateTable(table);
        foreach (TableInfo other in (TableInfo[])[table.With("more", s_int), table with { BucketKeys = ["id"] }, table with { PartitionKeys = ["id"] }])
        {
            FlussException differs = Assert.Throws<FlussException>(() => _warehouse.Catalog.CreateTable(other));
            Assert.Equal(FlussErrorCode.LakeTableAlreadyExist, differs.Code);
        }

        _warehouse.Tier(table, 0, 0, [1]);
        FlussException e = Assert.Throws<FlussException>(() => _warehouse.Catalog.CreateTable(table));
        Assert.Equal(FlussErrorCode.LakeTableAlreadyExist, e.Code);
        Assert.Contains("not empty", e.Message, StringComparison.Ordinal);
        _warehouse.Catalog.CreateTable(table, isNew: false);
    }

    [Fact]
    public void What_the_lake_cannot_keep_is_refused_when_the_table_is_created()
    {
        TableInfo table = Batches.Table(1, [], [], ("id", s_int));
        AssertRefused(FlussErrorCode.InvalidTable, table.With("__offset", s_int), "__offset");
        AssertRefused(FlussErrorCode.InvalidConfig, table with { CustomProperties = new Dictionary<string, string> { ["paimon.bucket"] = "3" } }, "paimon.bucket");
        AssertRefused(FlussErrorCode.InvalidConfig, table with { CustomProperties = new Dictionary<string, string> { ["paimon.file.format"] = "orc" } }, "orc");
        AssertRefused(FlussErrorCode.InvalidTable, table.With("p", new FlussType(FlussTypeKind.Double)) with { PartitionKeys = ["p"] }, "'p'");
        Assert.Empty(Directory.GetFileSystemEntries(_warehouse.Folder));
    }

    [Fact]
    public void New_columns_stand_before_the_system_columns_and_nested_ids_come_first()
    {
        TableInfo table = Batches.Table(1, [], [], ("id", s_int));
        _warehouse.Catalog.CreateTable(table);
        FlussType inner = new(FlussTypeKind.Row) { Fields = [new FlussField("b", s_int, -1)] };
        TableInfo more = table.With("r", new FlussType(FlussTypeKind.Row) { Fields = [new FlussField("a", inner, -1), new FlussField("c", s_int, -1)] }).With("n", s_int);
        _warehouse.Catalog.AddColumns(more);
        _warehouse.Catalog.AddColumns(more);
        JsonNode json = Schema(table, 1);
        Assert.Equal(["id:0", "r:4", "n:8", "__bucket:1", "__offset:2", "__timestamp:3"], json["fields"]!.AsArray().Select(field => $"{field!["name"]}:{field["id"]}"));
        JsonArray members = json["fields"]![1]!["type"]!["fields"]!.AsArray();
        Assert.Equal(["a:6", "c:7"], members.Select(field => $"{field!["name"]}:{field["id"]}"));
        Assert.Equal(5, members[0]!["type"]!["fields"]![0]!["id"]!.GetValue<int>());
        Assert.Equal(8, json["highestFieldId"]!.GetValue<int>());
        Assert.False(File.Exists(Path.Combine(_warehouse.Root(table.Path), "schema", "schema-2")));
        FlussException e = Assert.Throws<FlussException>(() => _warehouse.Catalog.AddColumns(table.With("x", s_int with { IsNullable = false })));
        Assert.Equal(FlussErrorCode.InvalidAlterTable, e.Code);
    }

    private void AssertRefused(FlussErrorCode code, TableInfo table, string named)
    {
        FlussException e = Assert.Throws<FlussException>(() => _warehouse.Catalog.CreateTable(table));
        Assert.Equal(code, e.Code);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    private JsonNode Schema(TableInfo table, int id) => JsonNode.Parse(File.ReadAllText(Path.Combine(_warehouse.Root(table.Path), "schema", $"schema-{id}")))!;

    private static IEnumerable<string> Fields(JsonNode schema) => schema["fields"]!.AsArray().Select(field => $"{field!["name"]}:{field["id"]}:{field["type"]}");
}
