namespace FlussLake.Data.UnionRead;

/// <summary>
/// Cuts a TIMESTAMP_NS down to microseconds as DuckDB cuts the INT96 values that Paimon writes. Paimon splits a value into a day and the nanoseconds of that day, both
/// counted toward 1970, from whole milliseconds and the rest that was rounded down; DuckDB then cuts the nanoseconds toward zero. So before 1970 a value is cut toward
/// 1970, unless its whole milliseconds are midnight: then its nanoseconds are positive, and it is cut toward the past.
/// Sources: <c>paimon-format/src/main/java/org/apache/paimon/format/parquet/writer/ParquetRowDataWriter.java</c>, DuckDB's <c>extension/parquet/parquet_timestamp.cpp</c>.
/// </summary>
internal static class LakeMicroseconds
{
    private const string Day = "86400000000000";
    private const string DayWithoutMillisecond = "86399999000000";

    /// <summary>The expression that gives a TIMESTAMP.</summary>
    public static string Of(string nanoseconds) => $"make_timestamp((epoch_ns({nanoseconds}) - CASE WHEN epoch_ns({nanoseconds}) % {Day} < -{DayWithoutMillisecond} THEN 999 ELSE 0 END) // 1000)";
}
