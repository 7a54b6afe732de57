using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Rows;

/// <summary>
/// What values of a type are once they are decoded from rows. Rows keep more than an Arrow column of the declared type could: the length of a BINARY(n) value that is
/// shorter than n, and the milliseconds of TIME(0) and TIMESTAMP(0), which Fluss's Java client writes, reads and tiers without looking at the declared digits.
/// </summary>
internal static class StoredTypes
{
    private const int Milliseconds = 3;

    /// <summary>The type of the decoded column.</summary>
    /// <param name="format">The log's format.</param>
    /// <param name="type">The type as the schema declares it.</param>
    /// <returns>The type itself for ARROW.</returns>
    public static FlussType Of(LogFormat format, FlussType type) => format == LogFormat.Arrow ? type : Of(type);

    private static FlussType Of(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Binary => type with { Kind = FlussTypeKind.Bytes, Length = 0 },
        FlussTypeKind.Time => type with { Precision = Milliseconds },
        FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => type with { Precision = Math.Max(type.Precision, Milliseconds) },
        FlussTypeKind.Array => type with { Element = Of(type.Element!) },
        FlussTypeKind.Map => type with { Key = Of(type.Key!), Value = Of(type.Value!) },
        FlussTypeKind.Row => type with { Fields = [.. type.Fields.Select(static field => field with { Type = Of(field.Type) })] },
        _ => type,
    };
}
