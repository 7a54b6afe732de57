namespace FlussLake.Lake;

/// <summary>One live data file.</summary>
public sealed record LakeFile
{
    /// <summary>The file's full path in the storage.</summary>
    public required string Path { get; init; }

    /// <summary>The id of the schema that the file was written with.</summary>
    public required long SchemaId { get; init; }

    /// <summary>The bucket folder that the file lies in.</summary>
    public required int Bucket { get; init; }

    /// <summary>The number of rows in the file, before any deletes.</summary>
    public required long RowCount { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The partition values as the manifest keeps them (a serialised BinaryRow); the row of no fields for a table without partitions.</summary>
    public required ReadOnlyMemory<byte> Partition { get; init; }

    /// <summary>
    /// The partition values as text, in the order of the schema's partition keys; null for NULL. Whole numbers in decimal, others by their shortest digits, booleans as <c>true</c> and <c>false</c>,
    /// bytes as lower-case hex, DATE as <c>yyyy-MM-dd</c>, TIME and TIMESTAMP with the fraction that they have, TIMESTAMP_LTZ in UTC. Files of one partition share the list.
    /// Empty for a table without partitions.
    /// </summary>
    public IReadOnlyList<string?> PartitionValues { get; init; } = [];

    /// <summary>The level in the LSM tree; always 0 for append tables.</summary>
    public int Level { get; init; }

    /// <summary>The smallest sequence number of the file's rows.</summary>
    public long MinSequenceNumber { get; init; }
}
