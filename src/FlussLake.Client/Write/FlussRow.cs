namespace FlussLake.Client.Write;

/// <summary>
/// The values of one row on its way into a log batch, read by position in the table's schema. One instance serves many rows: nothing is allocated for a row.
/// Each getter may be called only for columns whose type it fits and that are not null.
/// </summary>
internal abstract class FlussRow
{
    public abstract bool IsNull(int column);

    /// <summary>BOOLEAN.</summary>
    public abstract bool GetBoolean(int column);

    /// <summary>TINYINT, SMALLINT, INT, BIGINT; DATE in days since 1970-01-01; TIME in nanoseconds of the day. What the column cannot hold is refused by the encoder.</summary>
    public abstract long GetInt64(int column);

    /// <summary>FLOAT and DOUBLE.</summary>
    public abstract double GetDouble(int column);

    /// <summary>TIMESTAMP and TIMESTAMP_LTZ: milliseconds since the epoch, floored, and the nanoseconds within that millisecond (0 to 999,999).</summary>
    public abstract (long Milliseconds, int Nanoseconds) GetTimestamp(int column);

    /// <summary>DECIMAL: the unscaled value at the column's scale.</summary>
    public abstract Int128 GetUnscaledDecimal(int column, int precision, int scale);

    /// <summary>CHAR and STRING in UTF-8; BINARY and BYTES. The bytes are good until the next call.</summary>
    public abstract ReadOnlySpan<byte> GetBytes(int column);

    /// <summary>
    /// ARRAY: the elements as the columns 0, 1, … of a row. MAP: key and value of entry i as the columns 2i and 2i + 1. ROW: the fields. The row is good until the next
    /// call for this column; it may be another one for each column.
    /// </summary>
    /// <param name="column">The position of the column.</param>
    /// <param name="count">The number of elements, of entries, or of fields.</param>
    public abstract FlussRow GetNested(int column, out int count);
}
