using System.Data;
using System.Data.Common;
using System.Data.SqlTypes;
using System.Numerics;

namespace FlussLake.Data.Tests;

public sealed class TypeTests : IDisposable
{
    private readonly FlussLakeConnection _connection = TestConnection.Open();

    public static TheoryData<string, Type, object> Values => new()
    {
        { "true", typeof(bool), true },
        { "(-128)::TINYINT", typeof(sbyte), sbyte.MinValue },
        { "127::TINYINT", typeof(sbyte), sbyte.MaxValue },
        { "(-32768)::SMALLINT", typeof(short), short.MinValue },
        { "32767::SMALLINT", typeof(short), short.MaxValue },
        { "(-2147483648)::INTEGER", typeof(int), int.MinValue },
        { "2147483647::INTEGER", typeof(int), int.MaxValue },
        { "(-9223372036854775808)::BIGINT", typeof(long), long.MinValue },
        { "9223372036854775807::BIGINT", typeof(long), long.MaxValue },
        { "255::UTINYINT", typeof(byte), byte.MaxValue },
        { "65535::USMALLINT", typeof(ushort), ushort.MaxValue },
        { "4294967295::UINTEGER", typeof(uint), uint.MaxValue },
        { "18446744073709551615::UBIGINT", typeof(ulong), ulong.MaxValue },
        { "1.5::FLOAT", typeof(float), 1.5f },
        { "'-infinity'::DOUBLE", typeof(double), double.NegativeInfinity },
        { "1e300::DOUBLE", typeof(double), 1e300 },
        { "'grüß'", typeof(string), "grüß" },
        { "''", typeof(string), "" },
        { "'\\x00\\xFF'::BLOB", typeof(byte[]), new byte[] { 0, 255 } },
        { "''::BLOB", typeof(byte[]), Array.Empty<byte>() },
        { "12.34::DECIMAL(4,2)", typeof(decimal), 12.34m },
        { "(-99.99)::DECIMAL(4,2)", typeof(decimal), -99.99m },
        { "123456789.1::DECIMAL(10,1)", typeof(decimal), 123456789.1m },
        { "-999999999999999.999::DECIMAL(18,3)", typeof(decimal), -999999999999999.999m },
        { "1.0::DECIMAL(38,37)", typeof(decimal), 1.0m },
        { "79228162514264337593543950335::DECIMAL(38,0)", typeof(decimal), decimal.MaxValue },
        { "0.0000000000000000000000000001::DECIMAL(38,28)", typeof(decimal), 0.0000000000000000000000000001m },
        { "(-79228162514264337593543950335)::HUGEINT", typeof(decimal), decimal.MinValue },
        { "sum(9223372036854775807::BIGINT) OVER ()", typeof(decimal), 9223372036854775807m },
        { "42::UHUGEINT", typeof(decimal), 42m },
        { "DATE '0001-01-01'", typeof(DateOnly), DateOnly.MinValue },
        { "DATE '9999-12-31'", typeof(DateOnly), DateOnly.MaxValue },
        { "TIME '00:00:00'", typeof(TimeOnly), TimeOnly.MinValue },
        { "TIME '23:59:59.999999'", typeof(TimeOnly), new TimeOnly(TimeOnly.MaxValue.Ticks - 9) },
        { "TIMESTAMP '0001-01-01 00:00:00'", typeof(DateTime), DateTime.MinValue },
        { "TIMESTAMP '9999-12-31 23:59:59.999999'", typeof(DateTime), new DateTime(DateTime.MaxValue.Ticks - 9) },
        { "TIMESTAMP_NS '2024-05-06 07:08:09.123456789'", typeof(DateTime), new DateTime(2024, 5, 6, 7, 8, 9).AddTicks(1234567) },
        { "TIMESTAMP_S '2024-05-06 07:08:09'", typeof(DateTime), new DateTime(2024, 5, 6, 7, 8, 9) },
        { "TIMESTAMPTZ '2024-05-06 07:08:09+02'", typeof(DateTime), new DateTime(2024, 5, 6, 5, 8, 9, DateTimeKind.Utc) },
        { "'8c7ea9ef-ec51-4ec0-a2ee-57a5a8b9b6b8'::UUID", typeof(Guid), new Guid("8c7ea9ef-ec51-4ec0-a2ee-57a5a8b9b6b8") },
        { "'b'::ENUM('a','b')", typeof(string), "b" },
        { "INTERVAL 90 MINUTE", typeof(TimeSpan), TimeSpan.FromMinutes(90) },
        { "[1,2]", typeof(List<int?>), new List<int?> { 1, 2 } },
        { "[1,NULL]", typeof(List<int?>), new List<int?> { 1, null } },
        { "[['a'],NULL,[]]", typeof(List<List<string>>), new List<List<string>?> { new() { "a" }, null, new() } },
        { "['\\x00\\xFF'::BLOB,NULL]", typeof(List<byte[]>), new List<byte[]?> { new byte[] { 0, 255 }, null } },
        { "[{'a': '\\x01'::BLOB}]", typeof(List<Dictionary<string, object>>), new List<Dictionary<string, object>> { new() { ["a"] = new byte[] { 1 } } } },
        { "[1.25::DECIMAL(38,2)]", typeof(List<decimal?>), new List<decimal?> { 1.25m } },
        { "['a',NULL]", typeof(List<string>), new List<string?> { "a", null } },
        { "{'a': 1, 'b': 'x'}", typeof(Dictionary<string, object>), new Dictionary<string, object> { ["a"] = 1, ["b"] = "x" } },
        { "MAP {'k': 1, 'l': NULL}", typeof(Dictionary<string, int?>), new Dictionary<string, int?> { ["k"] = 1, ["l"] = null } },
        { "MAP {1: '\\x02'::BLOB}", typeof(Dictionary<int, byte[]>), new Dictionary<int, byte[]> { [1] = [2] } },
    };

    public void Dispose() => _connection.Dispose();

    [Theory]
    [MemberData(nameof(Values))]
    public void GetValue_gives_the_type_that_GetFieldType_says(string expression, Type type, object expected)
    {
        using FlussLakeDataReader reader = Row(expression);

        Assert.Equal(type, reader.GetFieldType(0));
        object value = reader.GetValue(0);
        Assert.IsType(type, value);
        Assert.Equal(expected, value);
        Assert.Equal(expected, reader[0]);
        if (expected is DateTime time)
        {
            Assert.Equal(time.Kind, ((DateTime)value).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_null_of_any_type_is_DBNull(string expression, Type type, object expected)
    {
        _ = expected;
        using FlussLakeDataReader reader = Row($"CASE WHEN random() > 2 THEN {expression} END");

        Assert.Equal(type, reader.GetFieldType(0));
        Assert.True(reader.IsDBNull(0));
        Assert.Equal(DBNull.Value, reader.GetValue(0));
        Assert.Equal(DBNull.Value, reader.GetFieldValue<object>(0));
        Assert.Contains("'c'", Assert.Throws<InvalidCastException>(() => reader.GetString(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nullable_types_read_nulls_and_values()
    {
        using FlussLakeDataReader reader = Row("5, NULL::INT AS n, NULL::DECIMAL(9,2) AS d, NULL::TIMESTAMPTZ AS t, 7::HUGEINT AS h");
        Assert.Equal(5, reader.GetFieldValue<int?>(0));
        Assert.Equal(5L, reader.GetFieldValue<long?>(0));
        Assert.Null(reader.GetFieldValue<int?>(1));
        Assert.Null(reader.GetFieldValue<decimal?>(2));
        Assert.Null(reader.GetFieldValue<DateTime?>(3));
        Assert.Equal(7m, reader.GetFieldValue<decimal?>(4));
        Assert.Throws<InvalidCastException>(() => reader.GetInt32(1));
        Assert.Throws<InvalidCastException>(() => reader.GetDecimal(2));
    }

    [Fact]
    public void A_literal_NULL_reads_as_DBNull()
    {
        using FlussLakeDataReader reader = Row("NULL");
        Assert.True(reader.IsDBNull(0));
        Assert.Equal(DBNull.Value, reader.GetValue(0));
        _ = reader.GetFieldType(0);
    }

    [Fact]
    public void Decimals_beyond_SystemDecimal_name_the_ways_to_read_them()
    {
        const string Digits = "99999999999999999999999999999999999999";
        using FlussLakeDataReader reader = Row($"{Digits}::DECIMAL(38,0), 9.9999999999999999999999999999999999999::DECIMAL(38,37) AS f, 170141183460469231731687303715884105727::HUGEINT AS h");

        string message = Assert.Throws<OverflowException>(() => reader.GetValue(0)).Message;
        Assert.Contains("GetFieldValue<SqlDecimal>", message, StringComparison.Ordinal);
        Assert.Contains("GetFieldValue<BigInteger>", message, StringComparison.Ordinal);
        Assert.Throws<OverflowException>(() => reader.GetDecimal(1));
        Assert.Throws<OverflowException>(() => reader.GetValue(2));
        Assert.Equal(Digits, reader.GetFieldValue<SqlDecimal>(0).ToString());
        Assert.Equal(BigInteger.Parse(Digits, null), reader.GetFieldValue<BigInteger>(0));
        Assert.Equal("9.9999999999999999999999999999999999999", reader.GetFieldValue<SqlDecimal>(1).ToString());
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<BigInteger>(1));
        Assert.Equal((BigInteger)Int128.MaxValue, reader.GetFieldValue<BigInteger>(2));
        Assert.Equal(Int128.MaxValue, reader.GetFieldValue<Int128>(2));
        Assert.Throws<OverflowException>(() => reader.GetFieldValue<SqlDecimal>(2));
    }

    [Fact]
    public void Numbers_convert_where_they_fit()
    {
        using FlussLakeDataReader reader = Row("300::BIGINT, 3.00::DECIMAL(9,2) AS d, 3.25::DECIMAL(9,2) AS f, 7::HUGEINT AS h, 2.5::DOUBLE AS x, 18446744073709551615::UBIGINT AS u, 1.5::FLOAT AS y");
        Assert.Equal(300, reader.GetInt32(0));
        Assert.Equal(300, reader.GetInt16(0));
        Assert.Equal(300m, reader.GetDecimal(0));
        Assert.Equal(300d, reader.GetDouble(0));
        Assert.Contains("System.Byte", Assert.Throws<OverflowException>(() => reader.GetByte(0)).Message, StringComparison.Ordinal);
        Assert.Equal(3, reader.GetInt32(1));
        Assert.Throws<InvalidCastException>(() => reader.GetInt32(2));
        Assert.Equal(3.25, reader.GetDouble(2));
        Assert.Equal(7L, reader.GetInt64(3));
        Assert.Throws<InvalidCastException>(() => reader.GetInt32(4));
        Assert.Equal(ulong.MaxValue, reader.GetFieldValue<ulong>(5));
        Assert.Equal((decimal)ulong.MaxValue, reader.GetDecimal(5));
        Assert.Throws<OverflowException>(() => reader.GetInt64(5));
        Assert.Equal(1.5d, reader.GetDouble(6));
        Assert.Throws<InvalidCastException>(() => reader.GetString(0));
        Assert.Throws<InvalidCastException>(() => reader.GetBytes(0, 0, null, 0, 0));
        Assert.Throws<InvalidCastException>(() => reader.GetDateTime(0));
    }

    [Fact]
    public void Times_convert_where_nothing_is_guessed()
    {
        using FlussLakeDataReader reader = Row("TIMESTAMPTZ '2024-05-06 07:08:09.123456+02', TIMESTAMP '2024-05-06 07:08:09' AS t, DATE '2024-05-06' AS d, TIME '07:08:09' AS x");
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 5, 8, 9, TimeSpan.Zero).AddTicks(1234560), reader.GetFieldValue<DateTimeOffset>(0));
        Assert.Equal(DateTimeKind.Utc, reader.GetDateTime(0).Kind);
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<DateTimeOffset>(1));
        Assert.Equal(new DateTime(2024, 5, 6), reader.GetDateTime(2));
        Assert.Equal(new DateOnly(2024, 5, 6), reader.GetFieldValue<DateOnly>(2));
        Assert.Equal(new TimeOnly(7, 8, 9), reader.GetFieldValue<TimeOnly>(3));
    }

    [Fact]
    public void Bytes_and_characters_are_read_in_parts()
    {
        using FlussLakeDataReader reader = Row("'\\x01\\x02\\x03\\x04'::BLOB, 'hello' AS s, 'x' AS c");
        byte[] bytes = new byte[4];
        Assert.Equal(4, reader.GetBytes(0, 0, null, 0, 0));
        Assert.Equal(2, reader.GetBytes(0, 1, bytes, 2, 9));
        Assert.Equal([0, 0, 2, 3], bytes);
        Assert.Equal(0, reader.GetBytes(0, 4, bytes, 0, 4));
        char[] characters = new char[3];
        Assert.Equal(5, reader.GetChars(1, 0, null, 0, 0));
        Assert.Equal(3, reader.GetChars(1, 2, characters, 0, 3));
        Assert.Equal("llo", new string(characters));
        Assert.Equal('x', reader.GetChar(2));
        Assert.Throws<InvalidCastException>(() => reader.GetChar(1));
        Assert.Equal("hello", reader.GetTextReader(1).ReadToEnd());
    }

    [Fact]
    public void A_stream_outlives_its_row()
    {
        using FlussLakeDataReader reader = _connection.Command("SELECT repeat(chr(65 + x::INT % 26), 100)::BLOB FROM range(10000) t(x)").ExecuteReader();
        Assert.True(reader.Read());
        using Stream stream = reader.GetStream(0);
        int first = stream.ReadByte();
        while (reader.Read())
        {
        }

        Assert.Equal(Enumerable.Repeat(first, 99), Enumerable.Range(0, 99).Select(_ => stream.ReadByte()));
        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public void Names_are_found_exactly_first_and_then_whatever_their_case()
    {
        using FlussLakeDataReader reader = _connection.Command("SELECT * FROM (SELECT 1 AS Id, 2 AS other) CROSS JOIN (SELECT 3 AS id)").ExecuteReader();
        Assert.Equal(0, reader.GetOrdinal("Id"));
        Assert.Equal(2, reader.GetOrdinal("id"));
        Assert.Equal(0, reader.GetOrdinal("ID"));
        Assert.Equal(1, reader.GetOrdinal("Other"));
        Assert.Contains("'nope'", Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("nope")).Message, StringComparison.Ordinal);
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetName(3));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetFieldType(-1));
    }

    [Theory]
    [InlineData(CommandBehavior.Default)]
    [InlineData(CommandBehavior.SchemaOnly)]
    public void The_schema_tells_names_types_and_digits(CommandBehavior behavior)
    {
        using FlussLakeDataReader reader = _connection.Command("SELECT 1.5::DECIMAL(9,2) AS price, now() AS t FROM range(2)").ExecuteReader(behavior);
        DbColumn price = reader.GetColumnSchema()[0];
        Assert.Equal("price", price.ColumnName);
        Assert.Equal("DECIMAL(9,2)", price.DataTypeName);
        Assert.Equal(9, price.NumericPrecision);
        Assert.Equal(2, price.NumericScale);
        DataTable table = reader.GetSchemaTable()!;
        Assert.Equal(typeof(decimal), table.Rows[0][SchemaTableColumn.DataType]);
        Assert.Equal("TIMESTAMP WITH TIME ZONE", reader.GetDataTypeName(1));
        Assert.Equal(typeof(DateTime), table.Rows[1][SchemaTableColumn.DataType]);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_result_without_rows_has_the_same_types(string expression, Type type, object expected)
    {
        _ = expected;
        using FlussLakeDataReader reader = _connection.Command($"SELECT {expression} AS c WHERE false").ExecuteReader();
        Assert.Equal(type, reader.GetFieldType(0));
        Assert.False(reader.HasRows);
        Assert.False(reader.Read());
        Assert.Equal(type, reader.GetColumnSchema()[0].DataType);
    }

    [Fact]
    public void A_DataTable_loads()
    {
        using FlussLakeDataReader reader = _connection.Command("SELECT x::INT AS id, sum(x) OVER () AS s, 'b'::BLOB AS b FROM range(3) t(x)").ExecuteReader();
        using DataTable table = new();
        table.Load(reader);
        Assert.Equal(3, table.Rows.Count);
        Assert.Equal(3m, table.Rows[0]["s"]);
    }

    private FlussLakeDataReader Row(string expression)
    {
        string sql = expression.Contains(" AS ", StringComparison.Ordinal) ? "SELECT " + expression : $"SELECT {expression} AS c";
        FlussLakeDataReader reader = _connection.Command(sql).ExecuteReader();
        Assert.True(reader.Read());
        return reader;
    }
}
