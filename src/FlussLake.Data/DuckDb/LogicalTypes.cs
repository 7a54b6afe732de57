using DuckDB.NET.Native;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>The DuckDB type that a log column arrives in, which is what the Arrow hand-over makes of its format: timestamps keep their unit until SQL casts them.</summary>
internal static class LogicalTypes
{
    // DUCKDB_TYPE_TIME_NS of duckdb.h, which DuckDB.NET does not name.
    private const DuckDBType TimeNanoseconds = (DuckDBType)39;

    public static DuckDBLogicalType Of(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Decimal => NativeMethods.LogicalType.DuckDBCreateDecimalType((byte)type.Precision, (byte)type.Scale),
        FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row => NestedLogicalTypes.Of(type),
        _ => NativeMethods.LogicalType.DuckDBCreateLogicalType(Id(type)),
    };

    private static DuckDBType Id(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean => DuckDBType.Boolean,
        FlussTypeKind.TinyInt => DuckDBType.TinyInt,
        FlussTypeKind.SmallInt => DuckDBType.SmallInt,
        FlussTypeKind.Int => DuckDBType.Integer,
        FlussTypeKind.BigInt => DuckDBType.BigInt,
        FlussTypeKind.Float => DuckDBType.Float,
        FlussTypeKind.Double => DuckDBType.Double,
        FlussTypeKind.Char or FlussTypeKind.String => DuckDBType.Varchar,
        FlussTypeKind.Binary or FlussTypeKind.Bytes => DuckDBType.Blob,
        FlussTypeKind.Date => DuckDBType.Date,
        FlussTypeKind.Time => type.Precision <= 6 ? DuckDBType.Time : TimeNanoseconds,
        FlussTypeKind.Timestamp => type.Precision switch
        {
            0 => DuckDBType.TimestampS,
            <= 3 => DuckDBType.TimestampMs,
            <= 6 => DuckDBType.Timestamp,
            _ => DuckDBType.TimestampNs,
        },
        FlussTypeKind.TimestampLtz => type.Precision <= 6 ? DuckDBType.TimestampTz : DuckDBType.TimestampNs,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type is not known."),
    };
}
