using System.Data.Common;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>ARRAY, MAP and ROW in the log half, in the lake half and in both: equal rows give equal values.</summary>
public sealed class NestedTests
{
    private const int Rows = 5000;

    /// <summary>Every scalar type as an element, a map's value and a field, with the value of row <c>i</c>.</summary>
    private static readonly (string Type, Func<int, object> Value, string Sql)[] s_scalars =
    [
        ("BOOLEAN", i => i % 3 == 0, "i % 3 = 0"),
        ("TINYINT", i => (sbyte)(i % 100), "(i % 100)::TINYINT"),
        ("SMALLINT", i => (short)i, "i::SMALLINT"),
        ("INT", i => -i, "(-i)::INTEGER"),
        ("BIGINT", i => i * 10_000_000_000L, "i * 10000000000"),
        ("FLOAT", i => i / 2f, "(i / 2)::FLOAT"),
        ("DOUBLE", i => i / 4d, "i / 4"),
        ("STRING", i => $"a text that is longer than twelve bytes {i}", "'a text that is longer than twelve bytes ' || i"),
        ("CHAR(5)", i => $"{i}", "i::VARCHAR"),
        ("BINARY(4)", i => new byte[] { 65, (byte)(65 + (i % 20)), 66, 67 }, "('A' || chr((65 + i % 20)::INTEGER) || 'BC')::BLOB"),
        ("BYTES", i => new byte[] { (byte)(65 + (i % 20)) }, "chr((65 + i % 20)::INTEGER)::BLOB"),
        ("DECIMAL(4,2)", i => (i % 1000) / 100m, "((i % 1000)::DECIMAL(9,2) / 100)::DECIMAL(4,2)"),
        ("DECIMAL(9,1)", i => -i / 10m, "(-i * 0.1::DECIMAL(2,1))::DECIMAL(9,1)"),
        ("DECIMAL(18,0)", i => (decimal)i, "i::DECIMAL(18,0)"),
        ("DECIMAL(38,0)", i => -(decimal)i, "(-i)::DECIMAL(38,0)"),
        ("DATE", i => new DateOnly(1970, 1, 1).AddDays(i), "(DATE '1970-01-01' + i::INTEGER)"),
        ("TIME(0)", i => new TimeOnly(0, 0, i % 60), "make_time(0, 0, (i % 60)::DOUBLE)"),
        ("TIME(3)", i => new TimeOnly(1, 0, i % 60, 7), "make_time(1, 0, i % 60 + 0.007)"),
        .. new[] { 0, 3, 6 }.SelectMany(digits => new (string, Func<int, object>, string)[]
        {
            ($"TIMESTAMP({digits})", i => DateTime.UnixEpoch.AddSeconds(i), "make_timestamp(i * 1000000)"),
            ($"TIMESTAMP_LTZ({digits})", i => DateTimeOffset.UnixEpoch.AddSeconds(-i), "timezone('UTC', make_timestamp(-i * 1000000))"),
        }),
    ];

    public static TheoryData<string> Types => [.. s_scalars.Select(scalar => scalar.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_scalar_type_is_read_inside_of_every_nested_type(string type)
    {
        (_, Func<int, object> value, string sql) = s_scalars.Single(scalar => scalar.Type == type);
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT NOT NULL", $"a ARRAY<{type}>", $"m MAP<INT, {type}>", $"r ROW<f {type}, g ROW<h ARRAY<{type}>>>"]);
        object?[] Row(int i)
        {
            object? element = i % 5 == 0 ? null : value(i);
            object?[] list = [.. Enumerable.Repeat(element, i % 4)];
            return
            [
                (long)i, i % 7 == 0 ? null : list, i % 6 == 0 ? null : Enumerable.Range(0, i % 3).ToDictionary(key => (object)key, _ => element),
                i % 11 == 0 ? null : new object?[] { element, i % 3 == 0 ? null : new object?[] { i % 2 == 0 ? null : list } },
            ];
        }

        string expected = $"""
            SELECT id, CASE WHEN i % 7 <> 0 THEN list END a, CASE WHEN i % 6 <> 0 THEN map(range(i % 3)::INTEGER[], list_transform(range(i % 3), lambda k: v)) END m,
                CASE WHEN i % 11 <> 0 THEN struct_pack(f := v, g := CASE WHEN i % 3 <> 0 THEN struct_pack(h := CASE WHEN i % 2 <> 0 THEN list END) END) END r
            FROM (SELECT i AS id, i, v, list_transform(range(i % 4), lambda k: v) AS list FROM (SELECT i, CASE WHEN i % 5 <> 0 THEN {sql} END AS v FROM range({Rows}) t(i)))
            """;
        await table.AppendAsync(Enumerable.Range(0, Rows).Select(Row));
        AssertSame(table, "orders$log", expected);
        await table.Fluss.TierAsync(EmbeddedTable.Path, null, TestContext.Current.CancellationToken);
        AssertSame(table, "orders$lake", expected);
        await table.AppendAsync(Enumerable.Range(0, Rows).Select(Row));
        AssertSame(table, "orders", $"SELECT * FROM ({expected} UNION ALL {expected})");
        AssertSame(table, "orders$log", expected);
    }

    [Fact]
    public async Task Nanoseconds_inside_are_refused_or_cut_off_alike_in_both_halves()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            ["id BIGINT NOT NULL", "a ARRAY<TIMESTAMP(9)>", "m MAP<STRING, TIMESTAMP_LTZ(9)>", "r ROW<`b\"c` ARRAY<ROW<`select` TIMESTAMP_LTZ(8), `日本` INT>>>"]);
        FlussLake.Client.FlussTimestamp at = new(-2, 1_500);
        object?[] full = [1L, new object?[] { at, null }, new Dictionary<object, object?> { ["k"] = at, ["n"] = null }, new object?[] { new object?[] { new object?[] { at, 7 }, null } }];
        await table.AppendAsync(full, [2L, null, null, null]);
        using FlussLakeConnection connection = table.Open("Timestamp Nanoseconds=Truncate");
        List<string> log = Texts(connection, "orders$log");
        await table.Fluss.TierAsync(EmbeddedTable.Path, null, TestContext.Current.CancellationToken);
        Assert.Equal(log, Texts(connection, "orders$lake"));
        // Paimon and DuckDB cut toward 1970: 1,998,500 ns before it become 1,998 µs before it.
        Assert.Contains("1969-12-31 23:59:59.998002", log[0], StringComparison.Ordinal);
        Assert.Equal("2|NULL|NULL|NULL", log[1]);
        using FlussLakeConnection strict = table.Open();
        Assert.Contains("Timestamp Nanoseconds", Assert.ThrowsAny<DbException>(() => Texts(strict, "orders")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_use_what_is_nested()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT NOT NULL", "a ARRAY<INT>", "m MAP<STRING, INT>", "r ROW<f INT, g STRING>"]);
        object?[] Row(int i) => [(long)i, Enumerable.Range(0, i % 3).Cast<object?>().ToArray(), new Dictionary<object, object?> { ["k"] = i }, i % 2 == 0 ? null : new object?[] { i, $"g{i % 10}" }];
        await table.AppendAsync(Enumerable.Range(0, 3000).Select(Row));
        await table.Fluss.TierAsync(EmbeddedTable.Path, null, TestContext.Current.CancellationToken);
        await table.AppendAsync(Enumerable.Range(3000, 3000).Select(Row));
        using FlussLakeConnection connection = table.Open();
        Assert.Equal("6000", Scalar(connection, "SELECT count(u) FROM (SELECT unnest(a) u FROM fluss_read('orders'))"));
        Assert.Equal("3000", Scalar(connection, "SELECT count(r.f) FROM fluss_read('orders')"));
        Assert.Equal("17997000", Scalar(connection, "SELECT sum(m['k']) FROM fluss_read('orders')"));
        Assert.Equal("3", Scalar(connection, "SELECT count(*) FROM (SELECT a, count(*) FROM fluss_read('orders') GROUP BY a)"));
        Assert.Equal("{'f': 5999, 'g': g9}", Scalar(connection, "SELECT max(r)::VARCHAR FROM fluss_read('orders')"));
        Assert.Equal("6000", Scalar(connection, "SELECT count(*) FROM fluss_read('orders') x JOIN fluss_read('orders') y ON x.m = y.m AND x.id = y.id"));
        Assert.Equal("{'f': 1, 'g': g1}", Scalar(connection, "SELECT r::VARCHAR FROM fluss_read('orders') WHERE r IS NOT NULL ORDER BY r LIMIT 1"));
        Assert.Equal("4000", Scalar(connection, "CREATE TEMP TABLE t AS SELECT * FROM fluss_read('orders'); SELECT count(*) FROM t WHERE len(list_filter(a, lambda e: e = 0)) = 1"));
    }

    private static void AssertSame(EmbeddedTable table, string source, string expected)
    {
        using FlussLakeConnection connection = table.Open();
        string read = $"SELECT * FROM fluss_read('{source}')";
        Assert.Equal("0", Scalar(connection, $"SELECT count(*) FROM ({expected} EXCEPT ALL {read})"));
        Assert.Equal("0", Scalar(connection, $"SELECT count(*) FROM ({read} EXCEPT ALL {expected})"));
    }

    private static string? Scalar(FlussLakeConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return FormattableString.Invariant($"{command.ExecuteScalar()}");
    }

    private static List<string> Texts(FlussLakeConnection connection, string source)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT id, a::VARCHAR, m::VARCHAR, r::VARCHAR FROM fluss_read('{source}') ORDER BY id";
        using DbDataReader reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read())
        {
            texts.Add(string.Join('|', Enumerable.Range(0, 4).Select(i => FormattableString.Invariant($"{(reader.IsDBNull(i) ? "NULL" : reader.GetValue(i))}"))));
        }

        return texts;
    }
}
