using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>Every scalar type in the lake half, in the log half and in both: the values, and the same DuckDB types in all three.</summary>
public sealed class TypeTests(MainCluster main) : ClusterTest(main)
{
    /// <summary>Fluss type, DuckDB type, smallest, largest and a further value, as the lab takes them.</summary>
    private static readonly (string Fluss, string DuckDb, object Smallest, object Largest, object Further)[] s_types =
    [
        ("BOOLEAN", "BOOLEAN", false, true, true),
        ("TINYINT", "TINYINT", sbyte.MinValue, sbyte.MaxValue, 0),
        ("SMALLINT", "SMALLINT", short.MinValue, short.MaxValue, -1),
        ("INT", "INTEGER", int.MinValue, int.MaxValue, 1),
        ("BIGINT", "BIGINT", long.MinValue, long.MaxValue, (1L << 53) + 1),
        ("FLOAT", "FLOAT", float.MinValue, float.MaxValue, float.Epsilon),
        ("FLOAT", "FLOAT", float.NegativeInfinity, float.PositiveInfinity, float.NaN),
        ("DOUBLE", "DOUBLE", double.MinValue, double.MaxValue, double.Epsilon),
        ("DOUBLE", "DOUBLE", double.NegativeInfinity, double.NaN, -0.0),
        ("CHAR(3)", "VARCHAR", "", "abc", "日本語"),
        ("STRING", "VARCHAR", "", new string('x', 70_000), "twelve bytes, and 𝄞 more \0 than that\n"),
        ("BINARY(4)", "BLOB", "00000000", "ffffffff", "00ff0180"),
        ("BYTES", "BLOB", "", "ff" + new string('0', 3000), "00"),
        ("DECIMAL(1,0)", "DECIMAL(1,0)", "-9", "9", "0"),
        ("DECIMAL(4,2)", "DECIMAL(4,2)", "-99.99", "99.99", "0.01"),
        ("DECIMAL(9,4)", "DECIMAL(9,4)", "-99999.9999", "99999.9999", "-0.0001"),
        ("DECIMAL(18,6)", "DECIMAL(18,6)", "-999999999999.999999", "999999999999.999999", "1.5"),
        ("DECIMAL(19,2)", "DECIMAL(19,2)", "-99999999999999999.99", "99999999999999999.99", "0.10"),
        ("DECIMAL(28,28)", "DECIMAL(28,28)", "-0.9999999999999999999999999999", "0.9999999999999999999999999999", "0"),
        ("DECIMAL(38,10)", "DECIMAL(38,10)", "-9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999", "-0.0000000001"),
        ("DECIMAL(38,0)", "DECIMAL(38,0)", "-99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "-1"),
        ("DATE", "DATE", "0001-01-01", "9999-12-31", "1969-12-31"),
        .. Enumerable.Range(0, 10).Select(digits => ($"TIME({digits})", "TIME", (object)"00:00", (object)"23:59:59.999", (object)"12:34:56.789")),
        .. Enumerable.Range(0, 7).Select(digits =>
            ($"TIMESTAMP({digits})", "TIMESTAMP", (object)"0001-01-01T00:00", (object)Fraction("9999-12-31T23:59:59", digits), (object)Fraction("1969-12-31T23:59:58", Math.Min(digits, 3)))),
        .. Enumerable.Range(0, 7).Select(digits =>
            ($"TIMESTAMP_LTZ({digits})", "TIMESTAMP WITH TIME ZONE", (object)"0001-01-01T00:00:00Z", (object)(Fraction("9999-12-31T23:59:59", digits) + "Z"), (object)(Fraction("1969-12-31T23:59:58", Math.Min(digits, 3)) + "Z"))),
    ];

    [Fact]
    public void Every_value_comes_back_from_the_log_half()
    {
        LabTable table = Create(Table());
        Lab.Append(table, Rows(0));
        using DbConnection connection = Open();
        AssertTypes(connection, table, "");
        AssertSameAsDump(connection, table);
        Assert.Empty(connection.ReadTable(table, "$lake"));
    }

    [Fact]
    public void Every_value_comes_back_from_the_lake_half()
    {
        LabTable table = Create(Table());
        Lab.Append(table, Rows(0));
        Lab.Tier(table);
        using DbConnection connection = Open();
        AssertTypes(connection, table, "");
        AssertSameAsDump(connection, table);
        Assert.Empty(connection.ReadTable(table, "$log"));
    }

    [Fact]
    public void Every_value_comes_back_from_both_halves_together()
    {
        LabTable table = Create(Table());
        Lab.Append(table, Rows(0));
        Lab.Tier(table);
        Lab.Append(table, Rows(100));
        using DbConnection connection = Open();
        AssertTypes(connection, table, "");
        AssertTypes(connection, table, "$lake");
        AssertTypes(connection, table, "$log");
        AssertSameAsDump(connection, table);
    }

    [Fact]
    public void Columns_that_are_null_in_every_row_and_columns_that_never_are_come_back()
    {
        LabTable table = Create(LabTable.Unique("types") with { Columns = [new("id", "BIGINT NOT NULL"), new("nothing", "STRING"), new("all", "INT NOT NULL"), new("none", "TIMESTAMP(3)")] });
        Lab.Append(table, Enumerable.Range(0, 2500).Select(i => new object?[] { i, null, i, null }));
        Lab.Tier(table);
        Lab.Append(table, Enumerable.Range(2500, 2500).Select(i => new object?[] { i, null, i, null }));
        AssertSameAsDump(table);
    }

    [Fact]
    public void Instants_do_not_depend_on_the_time_zone_of_the_session()
    {
        LabTable table = Create(LabTable.Unique("types") with { Columns = [new("id", "BIGINT NOT NULL"), new("seen", "TIMESTAMP_LTZ(3)"), new("at", "TIMESTAMP(6)")] });
        object?[][] Batch(int id) => [[id, "2024-03-10T07:30:00.123Z", "2024-03-10T02:30:00.123456"], [id + 1, "1969-12-31T23:59:59.999Z", null]];
        Lab.Append(table, Batch(0));
        Lab.Tier(table);
        Lab.Append(table, Batch(2));
        using DbConnection connection = Open();
        connection.Execute("SET TimeZone = 'America/New_York'");
        AssertSameAsDump(connection, table);
    }

    [Fact]
    public void Timestamps_before_1970_keep_their_microseconds_in_the_log_half()
    {
        // Fluss's Java client cannot read such values, so there is no dump to compare with.
        LabTable table = Create(LabTable.Unique("types") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), new("at", "TIMESTAMP(6)"), new("seen", "TIMESTAMP_LTZ(6)")],
            Lake = false,
        });
        Lab.Append(table, [0, "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999Z"], [1, "0001-01-01T00:00:00.000001", "1582-10-15T00:00:00.123456Z"]);
        using DbConnection connection = Open();
        RowSet.AssertEqual(
            [
                "0 | 1969-12-31 23:59:59.999999000 | 1969-12-31 23:59:59.999999000Z",
                "1 | 0001-01-01 00:00:00.000001000 | 1582-10-15 00:00:00.123456000Z",
            ],
            connection.ReadTable(table));
    }

    private static LabTable Table() => LabTable.Unique("types") with
    {
        Columns = [new("id", "BIGINT NOT NULL"), .. s_types.Select((type, i) => new LabColumn($"c{i}", type.Fluss))],
    };

    private static object?[][] Rows(int from) =>
    [
        [from, .. s_types.Select(_ => (object?)null)],
        [from + 1, .. s_types.Select(type => type.Smallest)],
        [from + 2, .. s_types.Select(type => type.Largest)],
        [from + 3, .. s_types.Select(type => type.Further)],
        [from + 4, .. s_types.Select((type, i) => i % 2 == 0 ? null : type.Further)],
        [from + 5, .. s_types.Select((type, i) => i % 2 == 1 ? null : type.Largest)],
    ];

    private static string Fraction(string seconds, int digits) => digits == 0 ? seconds : $"{seconds}.{new string('9', digits)}";

    private static void AssertTypes(DbConnection connection, LabTable table, string half) => Assert.Equal(
        [("id", "BIGINT"), .. s_types.Select((type, i) => ($"c{i}", type.DuckDb))],
        connection.DescribeColumns($"SELECT * FROM fluss_read('{table.Path}{half}')"));
}
