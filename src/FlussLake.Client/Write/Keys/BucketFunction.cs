namespace FlussLake.Client.Write.Keys;

/// <summary>Which bucket an encoded bucket key belongs to. Each lake format has its own function, so that the buckets of Fluss are the buckets of the lake.</summary>
internal abstract class BucketFunction
{
    /// <summary>The function of a <c>table.datalake.format</c>; null for a table without one.</summary>
    /// <exception cref="FlussException">The format is not known.</exception>
    public static BucketFunction For(TablePath table, string? lakeFormat) => lakeFormat?.ToUpperInvariant() switch
    {
        null or "LANCE" => new FlussBucketFunction(),
        "PAIMON" => new PaimonBucketFunction(),
        "ICEBERG" => new IcebergBucketFunction(),
        _ => throw KeyErrors.UnknownFormat(table, lakeFormat),
    };

    /// <summary>The bucket of a key.</summary>
    /// <param name="key">The encoded bucket key; not empty.</param>
    /// <param name="bucketCount">The number of buckets, at least 1.</param>
    /// <returns>From 0 to one less than <paramref name="bucketCount"/>.</returns>
    public abstract int Bucket(ReadOnlySpan<byte> key, int bucketCount);
}
