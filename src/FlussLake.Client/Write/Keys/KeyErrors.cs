using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Keys;

/// <summary>What is said of bucket keys and partitions that cannot be.</summary>
internal static class KeyErrors
{
    public static FlussException UnknownFormat(TablePath table, string? format)
        => new($"The rows of table {table} cannot be given buckets: the lake format '{format}' of its property 'table.datalake.format' is not known.", FlussErrorCode.UnsupportedVersion);

    public static FlussException UnsupportedType(string place, FlussType type, string purpose)
        => new($"{char.ToUpperInvariant(place[0])}{place[1..]} cannot be a {purpose}: that is not possible for the type {type}.", FlussErrorCode.UnsupportedVersion);

    public static FlussException OneColumn(TablePath table, int count)
        => new($"The rows of table {table} cannot be given buckets: with Iceberg a bucket key has one column, not {count}.", FlussErrorCode.UnsupportedVersion);

    public static FlussException NoColumn(TablePath table, string column)
        => new($"The schema of table {table} has no column '{column}', though it is a bucket key or partition key.", FlussErrorCode.InvalidTable);

    public static ArgumentException Null(string place, string purpose) => new($"NULL cannot be written to {place}: it is a {purpose}.");

    public static ArgumentException Empty(string place) => new($"An empty value cannot be written to {place}: it is the bucket key, and has no bucket then.");

    public static ArgumentException Partition(string place, string text, string reason)
        => new($"The value of {place} makes no partition: the partition value '{text}' {reason}.");
}
