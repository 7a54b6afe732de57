namespace FlussLake.Data;

/// <summary>What happens to digits below a microsecond, which DuckDB cannot keep in every case.</summary>
public enum TimestampNanoseconds
{
    /// <summary>A statement that uses a column whose nanoseconds would be lost fails.</summary>
    Error,

    /// <summary>Such columns give microseconds in both halves of the table.</summary>
    Truncate,
}
