using DuckDB.NET.Data;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;
using FlussLake.Lake;

namespace FlussLake.Data.Tests.UnionRead;

public sealed class UnionReadSqlTests : IDisposable
{
    private static readonly FlussColumn s_id = new("id", new FlussType(FlussTypeKind.BigInt), 0);
    private static readonly FlussColumn s_quoted = new("a\"b", new FlussType(FlussTypeKind.String), 1);
    private static readonly FlussColumn s_nanos = new("at", new FlussType(FlussTypeKind.Timestamp) { Precision = 9 }, 2);
    private readonly Session _session = new(new SessionSettings());

    [Fact]
    public void A_table_with_nothing_to_read_is_one_empty_arm() => Assert.Equal(
        "SELECT c0 AS \"id\" FROM (SELECT 0::TINYINT AS __n, NULL::BIGINT AS c0 WHERE false)", UnionReadSql.Render(Plans.Of(_session, s_id)));

    [Fact]
    public void A_half_without_anything_has_no_arm()
    {
        UnionReadPlan plan = Plans.Of(_session, s_id).WithLog();

        Assert.Equal($"SELECT c0 AS \"id\" FROM (SELECT __n, c0::BIGINT AS c0 FROM __flusslake_log('{plan.Id}/0'))", UnionReadSql.Render(plan));
    }

    [Fact]
    public void Names_are_quoted_outside_and_generated_inside()
    {
        UnionReadPlan plan = Plans.Of(_session, s_id, s_quoted).WithLog();

        Assert.StartsWith("SELECT c0 AS \"id\", c1 AS \"a\"\"b\" FROM (SELECT __n, c0::BIGINT AS c0, c1::VARCHAR AS c1 FROM", UnionReadSql.Render(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_file_schema_is_an_arm_that_follows_field_ids()
    {
        UnionReadPlan plan = Plans.Of(_session, s_id, s_quoted).WithLake(
            (0, [new LakeField(0, "old id", "BIGINT", true)]),
            (1, [new LakeField(0, "id", "BIGINT", true), new LakeField(1, "a\"b", "STRING", true), new LakeField(2, "__bucket", "INT", true)]));

        string sql = UnionReadSql.Render(plan);

        Assert.Contains($"SELECT 0::TINYINT AS __n, \"old id\"::BIGINT AS c0, NULL::VARCHAR AS c1 FROM read_parquet(string_split(__flusslake_files('{plan.Id}/0'), chr(10))", sql, StringComparison.Ordinal);
        Assert.Contains($" UNION ALL SELECT 0::TINYINT AS __n, \"id\"::BIGINT AS c0, \"a\"\"b\"::VARCHAR AS c1 FROM read_parquet(string_split(__flusslake_files('{plan.Id}/1'), chr(10))", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("__bucket", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_whose_nanoseconds_would_be_lost_is_an_error_of_its_own()
    {
        UnionReadPlan plan = Plans.Of(_session, s_id, s_nanos).WithLake((0, [new LakeField(0, "id", "BIGINT", true), new LakeField(2, "at", "TIMESTAMP(9)", true)]));

        string sql = UnionReadSql.Render(plan);

        Assert.Contains("'Timestamp Nanoseconds=Truncate'", UnionReadSql.Problem(plan, s_nanos), StringComparison.Ordinal);
        Assert.Contains("c0 AS \"id\", error('Column \"at\"", sql, StringComparison.Ordinal);
        Assert.DoesNotContain(" AS c1", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_whose_names_differ_in_case_only_get_the_names_that_DuckDB_gives_them()
    {
        FlussColumn[] columns = [.. new[] { "ID", "id", "id_1", "Id", "Ä", "ä" }.Select((name, id) => new FlussColumn(name, new FlussType(FlussTypeKind.String), id))];

        string sql = UnionReadSql.Render(Plans.Of(_session, columns).WithLog());

        Assert.StartsWith("SELECT c0 AS \"ID\", c1 AS \"id_1\", c2 AS \"id_1_1\", c3 AS \"Id_2\", c4 AS \"Ä\", c5 AS \"ä\" FROM", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_twins_are_those_that_DuckDB_gives_the_columns_of_a_query()
    {
        string[] columns = ["ID", "id", "id_1", "Id", "id_2", "ID_1"];
        using DuckDBConnection duckDb = new("Data Source=:memory:");
        duckDb.Open();
        using DuckDBCommand command = duckDb.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM (SELECT {string.Join(", ", columns.Select((name, value) => $"{value} AS \"{name}\""))})";
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> names = [];
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        Assert.Equal(names, DuckDbNames.Of(columns));
    }

    [Fact]
    public void A_log_alone_keeps_the_nanoseconds_of_zoneless_timestamps()
    {
        UnionReadPlan plan = Plans.Of(_session, s_nanos).WithLog();

        Assert.Null(UnionReadSql.Problem(plan, s_nanos));
        Assert.Contains("c0::TIMESTAMP_NS AS c0", UnionReadSql.Render(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncation_gives_microseconds_in_both_halves()
    {
        UnionReadPlan plan = Plans.Of(_session, s_nanos).WithLog().WithLake((0, [new LakeField(2, "at", "TIMESTAMP(9)", true)])) with { Nanoseconds = TimestampNanoseconds.Truncate };

        string sql = UnionReadSql.Render(plan);

        Assert.Contains("\"at\"::TIMESTAMP AS c0", sql, StringComparison.Ordinal);
        Assert.Contains($"{LakeMicroseconds.Of("c0")}::TIMESTAMP AS c0", sql, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_999, 1)]
    [InlineData(-1_999, -1)]
    [InlineData(-876_543_211, -876_543)]
    [InlineData(-86_400_000_000_000, -86_400_000_000)]
    [InlineData(-86_399_999_999_001, -86_400_000_000)]
    [InlineData(-86_399_999_000_001, -86_399_999_001)]
    [InlineData(-86_399_999_000_000, -86_399_999_000)]
    [InlineData(-86_399_998_999_999, -86_399_998_999)]
    public void Nanoseconds_are_cut_as_those_of_lake_files_are(long nanoseconds, long microseconds)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = new($"SELECT epoch_us({LakeMicroseconds.Of($"make_timestamp_ns({nanoseconds})")})", connection);

        Assert.Equal(microseconds, command.ExecuteScalar());
    }

    public void Dispose() => _session.Dispose();
}
