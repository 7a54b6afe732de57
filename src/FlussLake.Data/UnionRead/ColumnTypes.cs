using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead;

/// <summary>The DuckDB type of each Fluss column, the same in both halves of a table.</summary>
internal static class ColumnTypes
{
    /// <summary>The most fractional digits that DuckDB's TIMESTAMP and TIMESTAMP WITH TIME ZONE keep.</summary>
    public const int MicrosecondPrecision = 6;

    /// <summary>The type's name in DuckDB's SQL.</summary>
    public static string Sql(FlussType type, TimestampNanoseconds nanoseconds) => type.Kind switch
    {
        FlussTypeKind.Boolean => "BOOLEAN",
        FlussTypeKind.TinyInt => "TINYINT",
        FlussTypeKind.SmallInt => "SMALLINT",
        FlussTypeKind.Int => "INTEGER",
        FlussTypeKind.BigInt => "BIGINT",
        FlussTypeKind.Float => "FLOAT",
        FlussTypeKind.Double => "DOUBLE",
        FlussTypeKind.Char or FlussTypeKind.String => "VARCHAR",
        FlussTypeKind.Binary or FlussTypeKind.Bytes => "BLOB",
        FlussTypeKind.Decimal => $"DECIMAL({type.Precision}, {type.Scale})",
        FlussTypeKind.Date => "DATE",
        FlussTypeKind.Time => "TIME",
        FlussTypeKind.Timestamp => type.Precision > MicrosecondPrecision && nanoseconds == TimestampNanoseconds.Error ? "TIMESTAMP_NS" : "TIMESTAMP",
        FlussTypeKind.TimestampLtz => "TIMESTAMP WITH TIME ZONE",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type is not supported yet."),
    };

    /// <summary>Whether columns of this type can be read.</summary>
    public static bool IsSupported(FlussType type) => type.Kind is not (FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row);
}
