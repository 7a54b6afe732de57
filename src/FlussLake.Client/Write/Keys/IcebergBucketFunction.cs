namespace FlussLake.Client.Write.Keys;

/// <summary>The bucket that Iceberg's bucket transform gives a key: <see href="https://iceberg.apache.org/spec/#bucket-transform-details"/>.</summary>
internal sealed class IcebergBucketFunction : BucketFunction
{
    public override int Bucket(ReadOnlySpan<byte> key, int bucketCount) => (int)(Murmur3.Hash(key, 0) & int.MaxValue) % bucketCount;
}
