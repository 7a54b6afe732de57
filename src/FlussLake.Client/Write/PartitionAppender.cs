namespace FlussLake.Client.Write;

/// <summary>A partition that rows are appended to, or the whole of a table without partitions.</summary>
internal sealed class PartitionAppender(string? name, long tableId, long? partitionId, int bucketCount)
{
    private readonly BucketAppender?[] _buckets = new BucketAppender?[bucketCount];

    /// <summary>The partition's name, or null.</summary>
    public string? Name { get; } = name;

    public int BucketCount => _buckets.Length;

    /// <summary>For tables without bucket keys: the bucket that the last row went to, or -1 where the next row is to choose anew.</summary>
    public int LastBucket { get; set; } = -1;

    public IEnumerable<BucketAppender> Buckets => _buckets.OfType<BucketAppender>();

    public TableBucket Id(int number) => new(tableId, partitionId, number);

    public BucketAppender Bucket(int number) => _buckets[number] ??= new BucketAppender(this, Id(number));
}
