using System.Data.Common;
using System.Globalization;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>A condition holds for the same rows wherever they lie: what DuckDB skips in the lake by the statistics of the files holds no row that it finds in the log.</summary>
public sealed class RandomPredicateTests(ITestOutputHelper output)
{
    private const int Files = 6;
    private const int RowsOfFile = 8;

    private static readonly (string Type, Func<Random, object> Value)[] s_types =
    [
        ("BOOLEAN", random => random.Next(2) == 0),
        ("TINYINT", random => Pick(random, sbyte.MinValue, sbyte.MaxValue, (sbyte)0, (sbyte)-1, (sbyte)random.Next(-128, 128))),
        ("SMALLINT", random => Pick(random, short.MinValue, short.MaxValue, (short)0, (short)-1, (short)random.Next(-32768, 32768))),
        ("INT", random => Pick(random, int.MinValue, int.MaxValue, 0, -1, random.Next(-1000, 1000))),
        ("BIGINT", random => Pick(random, long.MinValue, long.MaxValue, 0L, -1L, random.NextInt64(-1000, 1000))),
        ("FLOAT", random => Pick(random, float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f, 0f, float.Epsilon, float.MinValue, random.Next(-9, 9) / 4f)),
        ("DOUBLE", random => Pick(random, double.NaN, double.NegativeInfinity, double.PositiveInfinity, -0.0, 0.0, double.Epsilon, double.MaxValue, random.Next(-9, 9) / 4.0)),
        ("STRING", random => Pick(random, "", "\uffff", "𝄞", "ä", "a", "A", new string('x', random.Next(60, 70)), $"t{random.Next(100)}")),
        ("CHAR(3)", random => Pick(random, "", "abc", "日本語", "zzz")),
        ("BYTES", random => Pick(random, Array.Empty<byte>(), new byte[] { 0xff }, new byte[] { 0x7f, 0x80 }, new byte[] { 0 }, new byte[80])),
        ("BINARY(2)", random => Pick(random, new byte[] { 0, 0 }, new byte[] { 0xff, 0xff }, new byte[] { 0x80, 0 })),
        ("DECIMAL(9,2)", random => Pick(random, 9_999_999.99m, -9_999_999.99m, 0m, random.Next(-500, 500) / 100m)),
        ("DECIMAL(18,3)", random => Pick(random, 999_999_999_999_999.999m, -999_999_999_999_999.999m, 0m, random.Next(-500, 500) / 1000m)),
        ("DECIMAL(27,1)", random => Pick(random, 99_999_999_999_999_999_999_999_999.9m, -99_999_999_999_999_999_999_999_999.9m, 0m, random.Next(-500, 500) / 10m)),
        ("DATE", random => Pick(random, new DateOnly(1, 1, 1), new DateOnly(9999, 12, 31), new DateOnly(1970, 1, 1), new DateOnly(1969, 12, 31).AddDays(random.Next(-100, 100)))),
        ("TIME(3)", random => Pick(random, TimeOnly.MinValue, new TimeOnly(23, 59, 59, 999), new TimeOnly(0, 0, 0, random.Next(1000)))),
        ("TIMESTAMP(0)", random => Pick(random, new DateTime(1, 1, 1), new DateTime(9999, 12, 31), new DateTime(1970, 1, 1).AddSeconds(random.Next(-9, 9)))),
        ("TIMESTAMP(3)", random => Pick(random, new DateTime(1, 1, 1), new DateTime(9999, 12, 31), new DateTime(1970, 1, 1).AddMilliseconds(random.Next(-9, 9)))),
        ("TIMESTAMP(6)", random => Pick(random, new DateTime(1, 1, 1), new DateTime(9999, 12, 31), new DateTime(1970, 1, 1).AddMicroseconds(random.Next(-9, 9)))),
        ("TIMESTAMP(9)", random => Pick(random, new DateTime(1700, 1, 1), new DateTime(2261, 12, 31), new DateTime(1970, 1, 1).AddTicks(random.Next(-90, 90)), new DateTime(1969, 12, 31).AddTicks(random.Next(-20_000, 20_000)))),
        ("TIMESTAMP_LTZ(3)", random => Pick(random, DateTimeOffset.UnixEpoch.AddYears(-1900), DateTimeOffset.UnixEpoch.AddYears(8000), DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(-9, 9)))),
        ("TIMESTAMP_LTZ(9)", random => Pick(random, DateTimeOffset.UnixEpoch.AddYears(-250), DateTimeOffset.UnixEpoch.AddYears(250), DateTimeOffset.UnixEpoch.AddTicks(random.Next(-90, 90)), DateTimeOffset.UnixEpoch.AddDays(-1).AddTicks(random.Next(-20_000, 20_000)))),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task The_lake_has_every_row_that_a_condition_finds_in_the_log(int seed) => RunAsync(seed);

    [Fact]
    public Task So_it_has_for_conditions_that_nobody_has_tried_before() => RunAsync(Random.Shared.Next());

    private async Task RunAsync(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        Random random = new(seed);
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT NOT NULL", .. s_types.Select((type, i) => $"c{i} {type.Type}")]);

        // Each file has few values of its own, some none at all, so that conditions leave files out.
        await table.AppendAsync(Enumerable.Range(0, Files).SelectMany(file =>
        {
            object?[][] pools = [.. s_types.Select(type => Pool(type.Value, random))];
            return Enumerable.Range(file * RowsOfFile, RowsOfFile).Select(id => (object?[])[(long)id, .. pools.Select(pool => pool[random.Next(pool.Length)])]);
        }));
        await using FlussLakeConnection connection = table.Open("Timestamp Nanoseconds=Truncate");
        List<string> conditions = [.. Enumerable.Range(0, s_types.Length).SelectMany(column => Conditions(connection, $"c{column}", random)).Distinct()];
        Dictionary<string, string> expected = conditions.ToDictionary(condition => condition, condition => Ids(connection, "$log", condition));

        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken);
        for (int file = 1; file <= Files; file++)
        {
            await table.Fluss.TierAsync(EmbeddedTable.Path, new Dictionary<TableBucket, long> { [new TableBucket(info.TableId, null, 0)] = file * RowsOfFile }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Files, Directory.GetFiles(table.Fluss.LakeWarehouse, "*.parquet", SearchOption.AllDirectories).Length);
        Assert.All(conditions, condition => Assert.Equal($"{condition}: {expected[condition]}", $"{condition}: {Ids(connection, "$lake", condition)}"));
        Assert.Contains(expected.Values, ids => ids.Length > 0);
    }

    private static IEnumerable<string> Conditions(FlussLakeConnection connection, string column, Random random)
    {
        List<string> values = Column(connection, $"SELECT DISTINCT ' ' || CAST({column} AS VARCHAR), typeof({column}) FROM fluss_read('orders$log') WHERE {column} IS NOT NULL ORDER BY 1", row =>
            $"CAST('{row.GetString(0)[1..].Replace("'", "''", StringComparison.Ordinal)}' AS {row.GetString(1)})");
        yield return $"{column} IS NULL";
        yield return $"{column} IS NOT NULL";
        for (int i = 0; i < 3 && values.Count > 0; i++)
        {
            string one = values[random.Next(values.Count)];
            string other = values[random.Next(values.Count)];
            string comparison = Pick(random, "=", "<", "<=", ">", ">=", "<>", "IS DISTINCT FROM");
            yield return $"{column} {comparison} {one}";
            yield return $"{column} IN ({one}, {other})";
            yield return $"{column} BETWEEN {one} AND {other}";
            yield return $"{column} > {one} OR {column} IS NULL";
        }
    }

    private static string Ids(FlussLakeConnection connection, string half, string condition) =>
        string.Join(',', Column(connection, $"SELECT id FROM fluss_read('orders{half}') WHERE {condition} ORDER BY id", row => row.GetInt64(0).ToString(CultureInfo.InvariantCulture)));

    private static List<string> Column(FlussLakeConnection connection, string sql, Func<DbDataReader, string> text)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(text(reader));
        }

        return values;
    }

    private static object?[] Pool(Func<Random, object> value, Random random) => random.Next(4) switch
    {
        0 => [null],
        1 => [value(random)],
        2 => [value(random), null],
        _ => [value(random), value(random), value(random)],
    };

    private static T Pick<T>(Random random, params ReadOnlySpan<T> values) => values[random.Next(values.Length)];
}
