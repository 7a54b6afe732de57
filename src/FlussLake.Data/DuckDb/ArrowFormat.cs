using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// How a Fluss column in a log batch is described to DuckDB: the format strings of the Arrow C data interface, and the DuckDB type that comes of them.
/// TIMESTAMP_LTZ is told from TIMESTAMP by its zone, which the batches themselves do not carry.
/// </summary>
internal static class ArrowFormat
{
    /// <summary>The format of a scalar column's buffers. BINARY(n) arrives with offsets of our own making, as variable-size binary.</summary>
    public static string Of(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean => "b",
        FlussTypeKind.TinyInt => "c",
        FlussTypeKind.SmallInt => "s",
        FlussTypeKind.Int => "i",
        FlussTypeKind.BigInt => "l",
        FlussTypeKind.Float => "f",
        FlussTypeKind.Double => "g",
        FlussTypeKind.Char or FlussTypeKind.String => "u",
        FlussTypeKind.Binary or FlussTypeKind.Bytes => "z",
        FlussTypeKind.Decimal => $"d:{type.Precision},{type.Scale}",
        FlussTypeKind.Date => "tdD",
        FlussTypeKind.Time => "tt" + Unit(type.Precision),
        FlussTypeKind.Timestamp => $"ts{Unit(type.Precision)}:",

        // DuckDB has no zoned type with nanoseconds, and would cut them off its own way.
        FlussTypeKind.TimestampLtz => type.Precision <= 6 ? $"ts{Unit(type.Precision)}:UTC" : "tsn:",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type is not a scalar."),
    };

    private static char Unit(int precision) => precision switch
    {
        0 => 's',
        <= 3 => 'm',
        <= 6 => 'u',
        _ => 'n',
    };
}
