using System.Data;
using System.Numerics;
using DuckDB.NET.Data;

namespace FlussLake.Data.Tests;

public sealed class ParameterTests : IDisposable
{
    private readonly FlussLakeConnection _connection = TestConnection.Open();

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData("a")]
    [InlineData("@a")]
    [InlineData("$a")]
    [InlineData(":a")]
    public void A_parameters_name_may_carry_a_prefix(string name)
    {
        Assert.Equal(-5, Scalar("SELECT @a::INT", new DuckDBParameter(name, -5)));
        Assert.Equal(-5, Scalar("SELECT $a::INT", new DuckDBParameter(name, -5)));
    }

    [Fact]
    public void A_name_without_a_parameter_is_refused_and_not_the_absolute_value()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Scalar("SELECT @x FROM (SELECT -5 AS x)", new DuckDBParameter("y", 1)));

        Assert.Contains("@x", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, Scalar("SELECT @ x FROM (SELECT -5 AS x)"));
    }

    [Fact]
    public void A_text_with_a_nul_character_is_refused() => Assert.Throws<ArgumentException>(() => Scalar("SELECT 1 \0 WHERE false"));

    [Theory]
    [InlineData("ts = @d")]
    [InlineData("ts = @d + INTERVAL 0 DAY")]
    [InlineData("ts = date_trunc('hour', @d)")]
    [InlineData("ts = greatest(@d, @d)")]
    [InlineData("ts::TIMESTAMP = @d")]
    public void A_time_means_the_same_instant_wherever_it_stands(string condition)
    {
        DateTime instant = new(2024, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        string sql = $"SELECT {condition} FROM (SELECT TIMESTAMPTZ '2024-01-01 12:00:00+00' AS ts)";

        Assert.Equal(true, Scalar(sql, new DuckDBParameter("d", instant)));
        Assert.Equal(true, Scalar(sql, new DuckDBParameter("d", instant.ToLocalTime())));
        Assert.Equal(true, Scalar(sql, new DuckDBParameter("d", new DateTimeOffset(instant).ToOffset(TimeSpan.FromHours(2)))));
        Assert.Equal(true, Scalar(sql, new DuckDBParameter("d", DateTime.SpecifyKind(instant, DateTimeKind.Unspecified))));
    }

    [Fact]
    public void Parameters_filter_rows() =>
        Assert.Equal(3L, Scalar("SELECT count(*) FROM range(10) t(x) WHERE x>=@low AND x<@high", new DuckDBParameter("low", 4), new DuckDBParameter("high", 7)));

    [Fact]
    public void Each_statement_of_a_text_has_the_parameters()
    {
        using FlussLakeCommand command = _connection.Command("CREATE TABLE t AS SELECT @a::INT AS x; SELECT x + @a::INT FROM t; SELECT @b::VARCHAR");
        command.Parameters.Add(new DuckDBParameter("a", 20));
        command.Parameters.Add(new DuckDBParameter("b", "two"));
        using FlussLakeDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(40, reader.GetInt32(0));
        Assert.True(reader.NextResult());
        Assert.True(reader.Read());
        Assert.Equal("two", reader.GetString(0));
        Assert.False(reader.NextResult());
    }

    [Fact]
    public void Unnamed_parameters_go_by_position() =>
        Assert.Equal("1-x", Scalar("SELECT ?::INT || '-' || ?::VARCHAR", new DuckDBParameter(1), new DuckDBParameter("x") { ParameterName = "", Value = "x" }));

    [Fact]
    public void The_value_decides_the_type_whatever_the_DbType_says()
    {
        Assert.Equal(1.5m, Scalar("SELECT @a", new DuckDBParameter("a", DbType.Decimal, 1.5m)));
        Assert.Equal("DECIMAL(2,1)", Scalar("SELECT typeof(@a)", new DuckDBParameter("a", DbType.Decimal, 1.5m)));
        Assert.Equal(new DateOnly(2024, 5, 6), Scalar("SELECT @a", new DuckDBParameter("a", DbType.Date, new DateTime(2024, 5, 6, 1, 2, 3))));
        Assert.Equal(new TimeOnly(1, 2, 3), Scalar("SELECT @a", new DuckDBParameter("a", DbType.Time, new TimeSpan(1, 2, 3))));
        Assert.Equal("x", Scalar("SELECT @a", new DuckDBParameter("a", DbType.StringFixedLength, 'x')));
        Assert.Equal((int)DayOfWeek.Friday, Scalar("SELECT @a", new DuckDBParameter("a", DayOfWeek.Friday)));
        Assert.Equal(new byte[] { 1, 2 }, Scalar("SELECT @a", new DuckDBParameter("a", new byte[] { 1, 2 })));
        Assert.Equal(DBNull.Value, Scalar("SELECT @a::INT", new DuckDBParameter("a", null)));
        Assert.Equal(DBNull.Value, Scalar("SELECT @a::INT", new DuckDBParameter("a", DBNull.Value)));
        Assert.Equal(12345678901234567890m, Scalar("SELECT @a::HUGEINT", new DuckDBParameter("a", BigInteger.Parse("12345678901234567890", null))));
        Assert.Equal(new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), Scalar("SELECT @a", new DuckDBParameter("a", new DateTimeOffset(2024, 5, 6, 9, 8, 9, TimeSpan.FromHours(2)))));
    }

    [Fact]
    public void A_missing_parameter_is_an_error_of_its_own()
    {
        using FlussLakeCommand command = _connection.Command("SELECT $a::INT");
        Assert.ThrowsAny<Exception>(command.ExecuteScalar);
        Assert.Equal(1, _connection.Scalar("SELECT 1"));
    }

    private object? Scalar(string sql, params DuckDBParameter[] parameters)
    {
        using FlussLakeCommand command = _connection.Command(sql);
        command.Parameters.AddRange(parameters);
        return command.ExecuteScalar();
    }
}
