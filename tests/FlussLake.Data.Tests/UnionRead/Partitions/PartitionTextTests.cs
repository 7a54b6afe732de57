using DuckDB.NET.Data;
using FlussLake.Client.Metadata;
using FlussLake.Data.UnionRead;
using FlussLake.Data.UnionRead.Partitions;

namespace FlussLake.Data.Tests.UnionRead.Partitions;

/// <summary>Fluss's names of partition values, and the lake's, are read as the same values; what rows cannot have written is not taken for a value.</summary>
public sealed class PartitionTextTests
{
    [Theory]
    [InlineData("BOOLEAN", "true", "true")]
    [InlineData("BOOLEAN", "TRUE", null)]
    [InlineData("TINYINT", "-128", "-128")]
    [InlineData("TINYINT", "128", null)]
    [InlineData("SMALLINT", "-32769", null)]
    [InlineData("INT", "-2147483648", "-2147483648")]
    [InlineData("INT", "2147483648", null)]
    [InlineData("INT", "007", null)]
    [InlineData("INT", "+7", null)]
    [InlineData("INT", "-0", null)]
    [InlineData("INT", "abc", null)]
    [InlineData("INT", "", null)]
    [InlineData("BIGINT", "9223372036854775807", "9223372036854775807")]
    [InlineData("BIGINT", "9223372036854775808", null)]
    [InlineData("STRING", "a-B_7", "a-B_7")]
    [InlineData("CHAR(2)", "ab", "ab")]
    [InlineData("BYTES", "00ff", "00ff")]
    [InlineData("BYTES", "00FF", null)]
    [InlineData("BYTES", "0", null)]
    [InlineData("BINARY(2)", "00ff", "00ff")]
    [InlineData("BINARY(2)", "00", null)]
    [InlineData("FLOAT", "0_1", "0.1")]
    [InlineData("FLOAT", "0_10", null)]
    [InlineData("DOUBLE", "1_0E10", "10000000000")]
    [InlineData("DOUBLE", "-0_0", "-0")]
    [InlineData("DOUBLE", "NaN", "NaN")]
    [InlineData("DOUBLE", "-Inf", "-Infinity")]
    [InlineData("DOUBLE", "Infinity", null)]
    [InlineData("DATE", "2024-02-29", "2024-02-29")]
    [InlineData("DATE", "2023-02-29", null)]
    [InlineData("DATE", "20240229", null)]
    [InlineData("TIME(0)", "10-11-12_000", "10:11:12")]
    [InlineData("TIME(0)", "10-11-12_120", null)]
    [InlineData("TIME(3)", "10-11-12_120", "10:11:12.12")]
    [InlineData("TIME(3)", "10-11-12", null)]
    [InlineData("TIMESTAMP(0)", "2024-02-29-10-11-12_", "2024-02-29 10:11:12")]
    [InlineData("TIMESTAMP(0)", "2024-02-29-10-11-12_5", null)]
    [InlineData("TIMESTAMP(3)", "2024-02-29-10-11-12_12", "2024-02-29 10:11:12.12")]
    [InlineData("TIMESTAMP(3)", "2024-02-29-10-11-12_120", null)]
    [InlineData("TIMESTAMP(3)", "2024-02-29-10-11-12_1205", null)]
    [InlineData("TIMESTAMP(6)", "1969-12-31-23-59-59_000001", "1969-12-31 23:59:59.000001")]
    [InlineData("TIMESTAMP(9)", "2024-02-29-10-11-12_123456789", "2024-02-29 10:11:12.123456789")]
    [InlineData("TIMESTAMP(9)", "1500-02-28-10-11-12_123456789", null)]
    [InlineData("TIMESTAMP_LTZ(6)", "2024-02-29-10-11-12_1", "2024-02-29 10:11:12.1")]
    [InlineData("TIMESTAMP(3)", "2024-02-29", null)]
    [InlineData("TIMESTAMP(3)", "2024-02-29-10-11-12", null)]
    [InlineData("TIMESTAMP(3)", "2024-02-29-10-11-12_1x", null)]
    public void A_name_is_read_as_the_value_that_writes_it(string type, string name, string? expected)
    {
        bool read = FlussPartitionText.TryRead(FlussType.Parse(type), name, out string text);

        Assert.Equal(expected, read ? text : null);
    }

    [Theory]
    [InlineData("STRING", "2024.10", "2024.10")]
    [InlineData("STRING", null, null)]
    [InlineData("TIME(3)", "10:11:12.120", "10:11:12.12")]
    [InlineData("TIME(3)", "10:11:12.0", "10:11:12")]
    [InlineData("TIMESTAMP(3)", "2024-02-29 10:11:12.100", "2024-02-29 10:11:12.1")]
    [InlineData("TIMESTAMP(0)", "2024-02-29 10:11:10", "2024-02-29 10:11:10")]
    [InlineData("TIMESTAMP_LTZ(6)", "2024-02-29 10:11:12.000000", "2024-02-29 10:11:12")]
    public void A_value_of_the_lake_has_the_text_of_Fluss_s(string type, string? value, string? expected)
    {
        Assert.True(LakePartitionText.TryRead(FlussType.Parse(type), value, out string? text));
        Assert.Equal(expected, text);
    }

    [Fact]
    public void Nanoseconds_of_years_that_64_bits_do_not_reach_are_left_to_the_rows() =>
        Assert.False(LakePartitionText.TryRead(FlussType.Parse("TIMESTAMP(9)"), "0001-01-01 00:00:00.000000000", out _));

    [Theory]
    [InlineData("BOOLEAN", "true", "true")]
    [InlineData("TINYINT", "-128", "(-128)::TINYINT")]
    [InlineData("BIGINT", "9223372036854775807", "9223372036854775807")]
    [InlineData("STRING", "it's", "'it''s'")]
    [InlineData("BYTES", "00ff41", "unhex('00FF41')")]
    [InlineData("BYTES", "", "''::BLOB")]
    [InlineData("FLOAT", "0.1", "0.1::FLOAT")]
    [InlineData("DOUBLE", "NaN", "'nan'::DOUBLE")]
    [InlineData("DOUBLE", "-Infinity", "'-inf'::DOUBLE")]
    [InlineData("DATE", "0001-01-01", "DATE '0001-01-01'")]
    [InlineData("TIME(3)", "10:11:12.12", "TIME '10:11:12.120'")]
    [InlineData("TIMESTAMP(3)", "2024-02-29 10:11:12.12", "TIMESTAMP '2024-02-29 10:11:12.120'")]
    [InlineData("TIMESTAMP(9)", "2024-02-29 10:11:12.123456789", "make_timestamp_ns(1709201472123456789)")]
    [InlineData("TIMESTAMP_LTZ(3)", "2024-02-29 10:11:12.12", "to_timestamp(1709201472.12)")]
    public void A_constant_is_the_value_in_any_time_zone(string type, string text, string expected)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        FlussType parsed = FlussType.Parse(type);
        foreach (string zone in (string[])["UTC", "America/New_York", "Asia/Kolkata"])
        {
            using DuckDBCommand set = new($"SET TimeZone='{zone}'", connection);
            set.ExecuteNonQuery();
            string constant = $"{ConstantSql.Of(parsed, text, TimestampNanoseconds.Error)}::{ColumnTypes.Sql(parsed, TimestampNanoseconds.Error)}";
            using DuckDBCommand command = new($"SELECT {constant} = {expected}", connection);

            Assert.True((bool)command.ExecuteScalar()!, constant);
        }
    }
}
