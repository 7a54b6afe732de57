using FlussLake.Client.Metadata;
using FlussLake.Data.Sql;

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
        FlussTypeKind.Array => Sql(type.Element!, nanoseconds) + "[]",
        FlussTypeKind.Map => $"MAP({Sql(type.Key!, nanoseconds)}, {Sql(type.Value!, nanoseconds)})",
        FlussTypeKind.Row => $"STRUCT({string.Join(", ", type.Fields.Select(field => $"{SqlQuote.Identifier(field.Name)} {Sql(field.Type, nanoseconds)}"))})",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type is not known."),
    };

    /// <summary>Whether columns of this type can be read: DuckDB has no STRUCT without fields, none with a nameless field, and none whose names differ in case only.</summary>
    public static bool IsSupported(FlussType type) =>
        (type.Kind != FlussTypeKind.Row || (type.Fields.Count > 0 && type.Fields.All(field => field.Name.Length > 0)
            && type.Fields.DistinctBy(field => field.Name, StringComparer.OrdinalIgnoreCase).Count() == type.Fields.Count))
        && Inner(type).All(IsSupported);

    /// <summary>Whether the type, or one nested in it at any depth, fulfils a condition.</summary>
    public static bool Any(FlussType type, Func<FlussType, bool> condition) => condition(type) || Inner(type).Any(inner => Any(inner, condition));

    private static IEnumerable<FlussType> Inner(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Array => [type.Element!],
        FlussTypeKind.Map => [type.Key!, type.Value!],
        FlussTypeKind.Row => type.Fields.Select(field => field.Type),
        _ => [],
    };
}
