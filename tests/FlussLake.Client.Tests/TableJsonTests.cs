using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests;

public sealed class TableJsonTests
{
    [Fact]
    public void A_written_descriptor_reads_back_with_every_type()
    {
        FlussType Of(FlussTypeKind kind) => new(kind);
        FlussType[] types =
        [
            Of(FlussTypeKind.Boolean), Of(FlussTypeKind.TinyInt), Of(FlussTypeKind.SmallInt), Of(FlussTypeKind.Int), Of(FlussTypeKind.BigInt) with { IsNullable = false },
            Of(FlussTypeKind.Float), Of(FlussTypeKind.Double), Of(FlussTypeKind.Char) with { Length = 8 }, Of(FlussTypeKind.String), Of(FlussTypeKind.Binary) with { Length = 4 },
            Of(FlussTypeKind.Bytes), Of(FlussTypeKind.Decimal) with { Precision = 12, Scale = 2 }, Of(FlussTypeKind.Date), Of(FlussTypeKind.Time) with { Precision = 3 },
            Of(FlussTypeKind.Timestamp) with { Precision = 6 }, Of(FlussTypeKind.TimestampLtz) with { Precision = 9 },
            Of(FlussTypeKind.Array) with { Element = Of(FlussTypeKind.Int) },
            Of(FlussTypeKind.Map) with { Key = Of(FlussTypeKind.String) with { IsNullable = false }, Value = Of(FlussTypeKind.Double) },
            Of(FlussTypeKind.Row) with { Fields = [new FlussField("x", Of(FlussTypeKind.Int), 20), new FlussField("y", Of(FlussTypeKind.String), 21)] },
        ];
        TableDescriptor table = new()
        {
            Columns = [.. types.Select((type, i) => new FlussColumn($"c\"{i}", type, i) { Comment = i == 3 ? "日本" : null })],
            PartitionKeys = ["c\"8"],
            BucketKeys = ["c\"4"],
            BucketCount = 5,
            Properties = new Dictionary<string, string> { ["table.log.ttl"] = "7 d" },
            CustomProperties = new Dictionary<string, string> { ["paimon.a"] = "b" },
            Comment = "a table",
        };

        TableDescriptor read = TableJson.ReadDescriptor(new TablePath("shop", "orders"), TableJson.Write(table));

        Assert.Equal(table.Columns.Select(column => (column.Name, column.Type.ToString(), column.Id, column.Comment)), read.Columns.Select(column => (column.Name, column.Type.ToString(), column.Id, column.Comment)));
        Assert.Equal(table.Columns[18].Type.Fields, read.Columns[18].Type.Fields);
        Assert.Equal(table.PartitionKeys, read.PartitionKeys);
        Assert.Equal(table.BucketKeys, read.BucketKeys);
        Assert.Equal(5, read.BucketCount);
        Assert.Equal(table.Properties, read.Properties);
        Assert.Equal(table.CustomProperties, read.CustomProperties);
        Assert.Equal("a table", read.Comment);
    }

    [Fact]
    public void A_descriptor_may_leave_bucket_key_and_count_to_the_server()
    {
        byte[] json = TableJson.Write(new TableDescriptor { Columns = [new FlussColumn("id", new FlussType(FlussTypeKind.Int), 0)] });

        Assert.DoesNotContain("bucket", System.Text.Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        TableDescriptor read = TableJson.ReadDescriptor(new TablePath("shop", "orders"), json);
        Assert.Null(read.BucketCount);
        Assert.Empty(read.BucketKeys);
    }

    [Theory]
    [InlineData("{\"schema\":{\"columns\":[]},\"bucket_count\":1,\"comment\":\"\\ud800\"}")]
    [InlineData("{\"schema\":{\"columns\":[]},\"bucket_count\":1,\"properties\":{\"\\udc00\":\"x\"}}")]
    [InlineData("{\"schema\":{\"columns\":[{\"name\":\"a\",\"data_type\":{\"type\":\"\\ud800\"}}]},\"bucket_count\":1}")]
    [InlineData("{\"schema\":{\"columns\":[{\"name\":\"\u00ff\",\"data_type\":{\"type\":\"INTEGER\"}}]},\"bucket_count\":1}")]
    public void Text_that_is_no_Unicode_is_an_error_that_names_the_table(string json)
    {
        // In Latin-1 the last one's column name is a byte that UTF-8 has nowhere.
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(json);
        FlussException failure = Assert.Throws<FlussException>(() => TableJson.ReadTable(new TablePath("shop", "orders"), 1, 1, bytes, 0, 0));
        Assert.Equal(FlussErrorCode.InvalidTable, failure.Code);
        Assert.Contains("table shop.orders is not JSON", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("partition_key")]
    [InlineData("bucket_key")]
    public void A_key_that_is_no_column_is_an_error_that_names_it(string key)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$$"""{"schema":{"columns":[{"name":"id","data_type":{"type":"INTEGER"}}]},"bucket_count":1,"{{{key}}}":["id","day"]}""");
        FlussException failure = Assert.Throws<FlussException>(() => TableJson.ReadTable(new TablePath("shop", "orders"), 1, 1, json, 0, 0));
        Assert.Equal(FlussErrorCode.InvalidTable, failure.Code);
        Assert.Contains($"table shop.orders cannot be read: {key} names day, which is no column", failure.Message, StringComparison.Ordinal);
    }
}
