namespace FlussLake.Embedded.Tiering;

/// <summary>A data file that was written and waits for its commit.</summary>
internal sealed record PaimonDataFile
{
    /// <summary>The file's full path.</summary>
    public required string Path { get; init; }

    public required long SizeInBytes { get; init; }

    public required long RowCount { get; init; }

    /// <summary>The lake's bucket, whose folder the file lies in.</summary>
    public required int Bucket { get; init; }

    /// <summary>Fluss's bucket, which the rows come from; it differs from the lake's where the lake has no bucket key.</summary>
    public required int SourceBucket { get; init; }

    public required PartitionValue?[] PartitionValues { get; init; }

    /// <summary>The serialised row of the partition's values.</summary>
    public required byte[] PartitionRow { get; init; }

    public required long SchemaId { get; init; }

    /// <summary>When it was written, in the local time of the writer.</summary>
    public required DateTime CreationTime { get; init; }
}
