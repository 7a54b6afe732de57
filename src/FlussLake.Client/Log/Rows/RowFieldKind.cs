namespace FlussLake.Client.Log.Rows;

/// <summary>How rows store the values of a field.</summary>
internal enum RowFieldKind
{
    /// <summary>BOOLEAN and TINYINT: one byte.</summary>
    Byte,

    /// <summary>SMALLINT: two bytes.</summary>
    Short,

    /// <summary>INT, DATE and TIME: 32 bits, a varint in compacted rows.</summary>
    Int,

    /// <summary>FLOAT: four bytes.</summary>
    Float,

    /// <summary>BIGINT, DECIMAL up to 18 digits and TIMESTAMP up to milliseconds: 64 bits, a varint in compacted rows.</summary>
    Long,

    /// <summary>DOUBLE: eight bytes.</summary>
    Double,

    /// <summary>TIMESTAMP beyond milliseconds: milliseconds, and nanoseconds of the millisecond.</summary>
    FineTimestamp,

    /// <summary>CHAR and BINARY: padded with zeros in indexed rows, otherwise as <see cref="Bytes"/>.</summary>
    Padded,

    /// <summary>STRING and BYTES.</summary>
    Bytes,

    /// <summary>DECIMAL beyond 18 digits: its unscaled value, two's complement, big endian.</summary>
    WideDecimal,

    /// <summary>ARRAY.</summary>
    Array,

    /// <summary>MAP.</summary>
    Map,

    /// <summary>ROW: a row of the kind of the row that it is in.</summary>
    Row,
}
