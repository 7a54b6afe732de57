using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>Tables whose log holds rows instead of Arrow batches: the same rows as the Java client reads, in the log, in the lake, and in both.</summary>
public sealed class RowFormatTests(MainCluster main) : ClusterTest(main)
{
    private static readonly string[] s_types =
    [
        "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "CHAR(8)", "STRING", "BINARY(4)", "BYTES", "DECIMAL(1,0)", "DECIMAL(9,4)", "DECIMAL(18,6)",
        "DECIMAL(19,2)", "DECIMAL(38,10)", "DATE", .. Enumerable.Range(0, 10).Select(digits => $"TIME({digits})"), .. Enumerable.Range(0, 7).Select(digits => $"TIMESTAMP({digits})"),
        .. Enumerable.Range(0, 7).Select(digits => $"TIMESTAMP_LTZ({digits})"), "INT NOT NULL", "STRING NOT NULL", "DECIMAL(20,3) NOT NULL",
    ];

    public static TheoryData<string> Formats => ["INDEXED", "COMPACTED"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_type_comes_back_from_both_halves(string format)
    {
        LabTable table = Create(OfEveryType(format, buckets: 2));
        Lab.Generate(table, 3_000, nullPercent: 20, flushEvery: 700);
        AssertSameAsDump(table);
        Lab.Tier(table);
        AssertSameAsDump(table);
        Lab.Generate(table, 2_500, from: 3_000, nullPercent: 20, flushEvery: 900);
        AssertSameAsDump(table);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Extreme_values_come_back(string format)
    {
        (string Type, object?[] Values)[] columns =
        [
            ("BOOLEAN", [true, false, null]), ("TINYINT", [-128, 127, 0]), ("SMALLINT", [-32_768, 32_767, null]), ("INT", [int.MinValue, int.MaxValue, -1]),
            ("BIGINT", [long.MinValue, long.MaxValue, -1]), ("FLOAT", [float.NegativeInfinity, float.NaN, -0f]), ("DOUBLE", [double.MinValue, double.Epsilon, double.NaN]),
            ("STRING", ["", new string('x', 70_000), "𝄞 \0 日本語"]), ("BYTES", ["", "ff" + new string('0', 3000), "00"]), ("CHAR(9)", ["日本語", "", "abc"]),
            ("DECIMAL(18,6)", ["-999999999999.999999", "999999999999.999999", "0"]), ("DECIMAL(38,0)", [new string('9', 38), "-" + new string('9', 38), "0"]),
            ("DATE", ["0001-01-01", "9999-12-31", "1969-12-31"]), ("TIME(0)", ["00:00", "23:59:59.999", null]),
            ("TIMESTAMP(3)", ["0001-01-01T00:00", "9999-12-31T23:59:59.999", "1969-12-31T23:59:59.999"]),
            ("TIMESTAMP(6)", ["0001-01-01T00:00:00.000001", "9999-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999"]),
            ("TIMESTAMP_LTZ(6)", ["0001-01-01T00:00:00.000001Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"]),
        ];
        LabTable table = Create(LabTable.Unique("rows") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), .. columns.Select((column, i) => new LabColumn($"c{i}", column.Type))],
            Properties = Of(format),
        });
        object?[][] Rows(int from) => [.. Enumerable.Range(0, 3).Select(i => new object?[] { from + i }.Concat(columns.Select(column => column.Values[i])).ToArray())];
        Lab.Append(table, Rows(0));
        AssertSameAsDump(table);
        Lab.Tier(table);
        Lab.Append(table, Rows(3));
        AssertSameAsDump(table);
        using DbConnection connection = Open();

        // The rows of both halves differ in the first digit alone, that of their ids.
        Assert.Equal(
            connection.ReadTable(table, "$lake").Order(StringComparer.Ordinal).Select(row => row[1..]),
            connection.ReadTable(table, "$log").Order(StringComparer.Ordinal).Select(row => row[1..]));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Values_that_keep_more_than_their_type_declares_are_the_same_before_and_after_tiering(string format)
    {
        LabTable table = Create(LabTable.Unique("rows") with
        {
            Columns = [new("at", "TIMESTAMP(0)"), new("seen", "TIMESTAMP_LTZ(0)"), new("time", "TIME(0)"), new("raw", "BINARY(4)"), new("text", "CHAR(4)")],
            Properties = Of(format),
        });
        Lab.Append(table, ["1969-12-31T23:59:58.789", "1969-12-31T23:59:58.789Z", "12:34:56.789", "0102", "a"], ["2024-01-01T00:00:00.001", "2024-01-01T00:00:00.001Z", "00:00:00.001", "01000000", ""]);
        using DbConnection connection = Open();
        List<string> log = connection.ReadTable(table, "$log");
        RowSet.AssertEqual(Dump(table), log);
        Lab.Tier(table);
        RowSet.AssertEqual(log, connection.ReadTable(table, "$lake"));
    }

    [Theory]
    [InlineData("INDEXED", true)]
    [InlineData("INDEXED", false)]
    [InlineData("COMPACTED", true)]
    [InlineData("COMPACTED", false)]
    public void A_bucket_that_was_tiered_to_the_middle_of_a_batch_goes_on_behind_it(string format, bool bucketKey)
    {
        LabTable table = Create(OfEveryType(format, buckets: 3) with { BucketKey = bucketKey ? ["id"] : [] });
        Lab.Generate(table, 300, nullPercent: 20, flushEvery: 37);
        Dictionary<string, long> upTo = Lab.Offsets(table).Where(bucket => bucket.Value.Latest > 3).ToDictionary(bucket => bucket.Key, bucket => (bucket.Value.Latest / 2) + 1);
        Lab.Tier(table, upTo);

        using DbConnection connection = Open();
        AssertSameAsDump(connection, table);
        Assert.Equal(upTo.Values.Sum(), connection.ReadTable(table, "$lake").Count);
        Assert.Equal(300 - upTo.Values.Sum(), connection.ReadTable(table, "$log").Count);
        Assert.Equal(300L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_columns_in_any_order_and_filters_on_them_give_the_rows_of_the_whole(string format)
    {
        LabTable table = Create(LabTable.Unique("rows") with { Properties = Of(format), Columns = [new("id", "BIGINT NOT NULL"), new("status", "STRING"), new("n", "INT"), new("amount", "DECIMAL(12,2)")] });
        Lab.Append(table, Enumerable.Range(0, 5_000).Select(i => new object?[] { i, i % 7 == 0 ? null : $"s{i % 5}", i % 3, i % 11 == 0 ? null : $"{i}.25" }));
        using DbConnection connection = Open();
        string read = $"fluss_read('{table.Path}')";

        Assert.Equal(["Int64:5000"], connection.ReadTexts($"SELECT count(*) FROM {read}"));
        Assert.Equal(["Int64:714"], connection.ReadTexts($"SELECT count(*) - count(status) - 1 FROM {read}"));
        Assert.Equal(["Decimal:12.25 | Int64:12"], connection.ReadTexts($"SELECT amount, id FROM {read} WHERE n = 0 AND status = 's2' AND id < 15"));
        Assert.Equal(["Decimal:4999.25"], connection.ReadTexts($"SELECT max(amount) FROM {read}"));
        Assert.Equal(["Int64:857"], connection.ReadTexts($"SELECT count(*) FROM {read} a JOIN {read} b USING (id) WHERE a.status = 's1'"));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_log_of_many_fetches_is_read_whole(string format)
    {
        LabTable table = Create(OfEveryType(format, buckets: 3) with { Lake = false });
        Lab.Generate(table, 60_000, nullPercent: 10);
        AssertSameAsDump(table);
    }

    [Fact]
    public void Rows_from_before_a_column_was_added_have_null_in_it()
    {
        LabTable table = WithColumnsAdded("INDEXED");
        AssertSameAsDump(table);
        Lab.Tier(table);
        Lab.Generate(table, 50, from: 100, nullPercent: 20);
        AssertSameAsDump(table);
    }

    [Fact]
    public void Compacted_rows_from_before_a_column_was_added_have_null_in_it()
    {
        // Fluss's Java client cannot read such a log, so the rows are compared with those of a table that it can read.
        List<string> expected = Dump(WithColumnsAdded("INDEXED"));
        LabTable table = WithColumnsAdded("COMPACTED");
        using DbConnection connection = Open();
        RowSet.AssertEqual(expected, connection.ReadTable(table));
    }

    [Fact]
    public void A_timestamp_beyond_64_bits_of_nanoseconds_is_refused_by_table_and_column()
    {
        LabTable table = Create(LabTable.Unique("rows") with { Columns = [new("id", "BIGINT NOT NULL"), new("at", "TIMESTAMP(9)")], Properties = Of("INDEXED") });
        Lab.Append(table, [1, "9999-12-31T23:59:59.999999999"]);
        using DbConnection connection = Open();
        DbException refusal = Assert.ThrowsAny<DbException>(() => connection.ReadTable(table));
        Assert.Contains(table.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("column at holds a timestamp", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1L, connection.ExecuteScalar<long>($"SELECT id FROM fluss_read('{table.Path}')"));
    }

    private LabTable WithColumnsAdded(string format)
    {
        LabTable table = Create(LabTable.Unique("rows") with { Properties = Of(format) });
        Lab.Generate(table, 50, nullPercent: 20);
        LabColumn[] added = [new("more", "BYTES"), new("last", "TIMESTAMP(6)")];
        foreach (LabColumn column in added)
        {
            Lab.AddColumn(table, column);
        }

        LabTable wider = table with { Columns = [.. table.Columns, .. added] };
        Lab.Generate(wider, 50, from: 50, nullPercent: 20);
        return wider;
    }

    private static LabTable OfEveryType(string format, int buckets) => LabTable.Unique("rows") with
    {
        Buckets = buckets,
        Columns = [new("id", "BIGINT NOT NULL"), .. s_types.Select((type, i) => new LabColumn($"c{i}", type))],
        Properties = Of(format),
    };

    private static Dictionary<string, string> Of(string format) => new() { ["table.log.format"] = format };
}
