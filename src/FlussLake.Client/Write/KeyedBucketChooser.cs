namespace FlussLake.Client.Write;

/// <summary>The bucket follows from the values of the bucket key.</summary>
internal sealed class KeyedBucketChooser(BucketAssigner keys) : BucketChooser
{
    public override int Choose(FlussRow row, PartitionAppender partition) => keys.Bucket(row);
}
