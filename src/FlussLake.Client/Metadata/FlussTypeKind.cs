namespace FlussLake.Client.Metadata;

/// <summary>The kinds of Fluss data types.</summary>
public enum FlussTypeKind
{
    /// <summary>BOOLEAN.</summary>
    Boolean,

    /// <summary>TINYINT, 8 bits, signed.</summary>
    TinyInt,

    /// <summary>SMALLINT, 16 bits, signed.</summary>
    SmallInt,

    /// <summary>INT, 32 bits, signed.</summary>
    Int,

    /// <summary>BIGINT, 64 bits, signed.</summary>
    BigInt,

    /// <summary>FLOAT, 32-bit IEEE 754.</summary>
    Float,

    /// <summary>DOUBLE, 64-bit IEEE 754.</summary>
    Double,

    /// <summary>CHAR(n).</summary>
    Char,

    /// <summary>STRING.</summary>
    String,

    /// <summary>BINARY(n).</summary>
    Binary,

    /// <summary>BYTES.</summary>
    Bytes,

    /// <summary>DECIMAL(precision, scale), precision from 1 to 38.</summary>
    Decimal,

    /// <summary>DATE, days since 1970-01-01.</summary>
    Date,

    /// <summary>TIME(precision); Fluss keeps milliseconds whatever the precision.</summary>
    Time,

    /// <summary>TIMESTAMP(precision) without time zone.</summary>
    Timestamp,

    /// <summary>TIMESTAMP_LTZ(precision), an instant.</summary>
    TimestampLtz,

    /// <summary>ARRAY of <see cref="FlussType.Element"/>.</summary>
    Array,

    /// <summary>MAP of <see cref="FlussType.Key"/> to <see cref="FlussType.Value"/>.</summary>
    Map,

    /// <summary>ROW of <see cref="FlussType.Fields"/>.</summary>
    Row,
}
