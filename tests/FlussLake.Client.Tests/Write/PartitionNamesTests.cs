using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class PartitionNamesTests
{
    public static TheoryData<string, object, string> Texts => new()
    {
        { "STRING", "eu-1_x", "eu-1_x" }, { "BOOLEAN", true, "true" }, { "TINYINT", -5, "-5" }, { "BIGINT", long.MinValue, "-9223372036854775808" },
        { "BYTES", new byte[] { 0, 255, 16 }, "00ff10" }, { "DATE", new DateOnly(1, 2, 3), "0001-02-03" }, { "TIME(3)", new TimeOnly(1, 2, 3, 4), "01-02-03_004" },
        { "TIMESTAMP(3)", new DateTime(2024, 2, 29, 10, 11, 12), "2024-02-29-10-11-12_" }, { "TIMESTAMP(9)", new FlussTimestamp(-1, 1), "1969-12-31-23-59-59_999000001" },
        { "TIMESTAMP_LTZ(3)", new FlussTimestamp(120, 0), "1970-01-01-00-00-00_12" }, { "DOUBLE", 0.001, "0_001" }, { "DOUBLE", 9999999.0, "9999999_0" },
        { "DOUBLE", 1e7, "1_0E7" }, { "DOUBLE", 0.00099, "9_9E-4" }, { "DOUBLE", double.Epsilon, "4_9E-324" }, { "DOUBLE", -0.0, "-0_0" }, { "DOUBLE", 123.456, "123_456" },
        { "DOUBLE", double.NaN, "NaN" }, { "FLOAT", float.NegativeInfinity, "-Inf" }, { "FLOAT", float.Epsilon, "1_4E-45" }, { "FLOAT", 0.1f, "0_1" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Values_are_written_as_Java_writes_them(string type, object value, string text)
    {
        (PartitionNames names, ObjectRow row) = Create(type);
        row.Set([value, "z"]);
        PartitionName name = names.Of(row);
        Assert.Equal(text + "$z", name.Name);
        Assert.Equal([KeyValuePair.Create("k", text), KeyValuePair.Create("day", "z")], name.Values);
        Assert.Same(name, names.Of(row));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a$b")]
    [InlineData("a.b")]
    [InlineData("é")]
    [InlineData("a b")]
    [InlineData("__x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Values_that_the_server_refuses_are_refused_by_name(string? value)
    {
        (PartitionNames names, ObjectRow row) = Create("STRING");
        row.Set([value, "z"]);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => names.Of(row));
        Assert.Contains("column 'k' of table shop.orders", refusal.Message, StringComparison.Ordinal);
        row.Set(["fine", "z"]);
        Assert.Equal("fine$z", names.Of(row).Name);
    }

    [Fact]
    public void Types_that_cannot_be_partition_keys_are_named()
        => Assert.Contains("DECIMAL", Assert.Throws<FlussException>(() => Create("DECIMAL(4,2)")).Message, StringComparison.Ordinal);

    private static (PartitionNames Names, ObjectRow Row) Create(string type)
    {
        TableInfo table = new()
        {
            Path = new TablePath("shop", "orders"),
            TableId = 1,
            BucketCount = 1,
            PartitionKeys = ["k", "day"],
            Schema = new TableSchema(1, [new FlussColumn("k", TypeText.Parse(type), 0), new FlussColumn("day", TypeText.Parse("STRING"), 1)], []),
        };
        return (PartitionNames.Create(table)!, new ObjectRow(table.Path, table.Schema));
    }
}
