namespace FlussLake.Client.Write.Keys;

/// <summary>The bucket of tables without a lake. Source: <c>fluss-common/src/main/java/org/apache/fluss/utils/MathUtils.java</c>.</summary>
internal sealed class FlussBucketFunction : BucketFunction
{
    public override int Bucket(ReadOnlySpan<byte> key, int bucketCount)
    {
        int mixed = Murmur3.MixWord(0, (int)Murmur3.FlussHash(key));
        mixed = (int)Murmur3.Finish((uint)mixed ^ 4);
        int positive = mixed >= 0 ? mixed : mixed == int.MinValue ? 0 : -mixed;
        return positive % bucketCount;
    }
}
