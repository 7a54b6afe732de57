namespace FlussLake.Client.Write;

/// <summary>Chooses the bucket of a row. One instance belongs to one writer, under its gate.</summary>
internal abstract class BucketChooser
{
    /// <exception cref="ArgumentException">A value of the bucket key cannot be a key.</exception>
    public abstract int Choose(FlussRow row, PartitionAppender partition);
}
