namespace FlussLake.Client.Write.Keys;

/// <summary>The bucket that Paimon gives a key.</summary>
internal sealed class PaimonBucketFunction : BucketFunction
{
    public override int Bucket(ReadOnlySpan<byte> key, int bucketCount) => Math.Abs((int)Murmur3.FlussHash(key) % bucketCount);
}
