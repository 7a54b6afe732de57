using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests.Partitions;

/// <summary>Partition keys of every type that Fluss allows: both halves tell the same value, and it is the value that the rows have.</summary>
public sealed class PartitionTypeTests(MainCluster main) : ClusterTest(main)
{
    [Theory]
    [InlineData("BOOLEAN", true, false)]
    [InlineData("TINYINT", -128, 127)]
    [InlineData("SMALLINT", -300, 5)]
    [InlineData("INT", -2147483648, 7)]
    [InlineData("BIGINT", 9223372036854775807, -1)]
    [InlineData("STRING", "a-b_C", "NULL", "2024-01-01", "0x00", "null")]
    [InlineData("CHAR(4)", "ab", "abcd")]
    [InlineData("BYTES", "00", "ff80", "616263", "0011223344556677ff")]
    [InlineData("BINARY(2)", "00ff", "2020")]
    [InlineData("DATE", "0001-01-01", "1969-12-31", "2024-02-29")]
    [InlineData("TIME(0)", "10:11:12", "10:11:12.123")]
    [InlineData("TIME(3)", "10:11:12.120", "10:11:12.121", "00:00:00")]
    [InlineData("TIMESTAMP(0)", "2024-02-29T10:11:12", "2024-02-29T10:11:12.5")]
    [InlineData("TIMESTAMP(3)", "2024-02-29T10:11:12.120", "1969-12-31T23:59:59.999", "2024-02-29T10:11:12.1205")]
    [InlineData("TIMESTAMP(6)", "2024-02-29T10:11:12.123456", "1969-12-31T23:59:59.9")]
    [InlineData("TIMESTAMP_LTZ(0)", "2024-02-29T10:11:12Z", "1969-12-31T23:59:59Z")]
    [InlineData("TIMESTAMP_LTZ(3)", "2024-02-29T10:11:12.120Z", "2024-02-29T10:11:12Z")]
    [InlineData("TIMESTAMP_LTZ(6)", "2024-02-29T10:11:12.000001Z")]
    [InlineData("FLOAT", 0.1, 1e10, "NaN", "-Infinity", 1.5)]
    [InlineData("DOUBLE", 0.1, 1e10, "NaN", "Infinity", -0.0)]
    public void Keys_of_every_type_have_the_values_of_their_rows_in_both_halves(string type, params object[] values)
    {
        LabTable table = Create(Table(type));
        Lab.AppendToPartitions(table, values.Select((value, i) => (object?[])[i, value, "lake"]));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, values.Select((value, i) => (object?[])[i + 100, value, "log"]));
        AssertSameAsDump(table);

        using DbConnection connection = Open();
        foreach (string half in (string[])["$lake", "$log"])
        {
            Assert.Equal(values.Length, connection.ReadTable(table, half).Count);
        }

        // What the keys are in the log alone, where no partition's name is looked at.
        string[] literals = [.. connection.Query<string>($"SELECT DISTINCT k::VARCHAR FROM fluss_read('{table.Name}')")];
        foreach (string literal in literals)
        {
            string condition = $"k = {ConnectionExtensions.Literal(literal)}::{connection.DescribeColumns($"SELECT k FROM fluss_read('{table.Name}')")[0].Type}";
            List<string> all = connection.ReadTexts($"SELECT id, note FROM fluss_read('{table.Name}') WHERE id IN (SELECT id FROM fluss_read('{table.Name}') AS f WHERE f.k::VARCHAR = {ConnectionExtensions.Literal(literal)})");
            RowSet.AssertEqual(all, connection.ReadTexts($"SELECT id, note FROM fluss_read('{table.Name}') WHERE {condition}"), condition);
            Assert.NotEmpty(all);
        }
    }

    [Theory]
    [InlineData("FLOAT", 0.1, 1e10, "NaN", "-Infinity", 1.5)]
    [InlineData("DOUBLE", 0.1, 1e10, "NaN", "Infinity", -0.0)]
    [InlineData("TIMESTAMP(9)", "2024-02-29T10:11:12.123456789", "2024-02-29T10:11:12")]
    public void Keys_of_the_log_alone_have_the_values_of_their_rows(string type, params object[] values)
    {
        LabTable table = Create(Table(type) with { Lake = false });
        Lab.AppendToPartitions(table, values.Select((value, i) => (object?[])[i, value, "log"]));
        AssertSameAsDump(table);
    }

    [Theory]
    [InlineData("TIMESTAMP(9)", "2024-02-29T10:11:12.123456789", "2024-02-29T10:11:12.000000001")]
    [InlineData("TIMESTAMP_LTZ(9)", "2024-02-29T10:11:12.123456789Z", "2024-02-29T10:11:12.000000001Z")]
    public void Nanoseconds_of_keys_are_cut_as_those_of_rows(string type, params object[] values)
    {
        LabTable table = Create(Table(type) with { Columns = [new("id", "BIGINT NOT NULL"), new("k", type), new("note", type)] });
        Lab.AppendToPartitions(table, values.Select((value, i) => (object?[])[i, value, value]));
        Lab.Tier(table);
        Lab.AppendToPartitions(table, values.Select((value, i) => (object?[])[i + 100, value, value]));

        using DbConnection connection = Open("Timestamp Nanoseconds=Truncate");
        foreach (string half in (string[])["", "$lake", "$log"])
        {
            Assert.Equal(values.Length * (half.Length == 0 ? 2 : 1), connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}{half}') WHERE k = note"));
        }

        using DbConnection strict = Open();
        FlussLakeException refusal = Assert.Throws<FlussLakeException>(() => strict.ExecuteScalar($"SELECT k FROM fluss_read('{table.Name}')"));
        Assert.Contains("Timestamp Nanoseconds=Truncate", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(values.Length * 2L, strict.ExecuteScalar<long>($"SELECT count(id) FROM fluss_read('{table.Name}')"));
    }

    private static LabTable Table(string type) => LabTable.Unique("keys") with
    {
        Columns = [new("id", "BIGINT NOT NULL"), new("k", type), new("note", "STRING")],
        PartitionedBy = ["k"],
        Buckets = 2,
    };
}
