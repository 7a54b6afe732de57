namespace FlussLake.Client.Metadata;

/// <summary>What the cluster knows of a table: identity, latest schema, distribution and properties.</summary>
public sealed record TableInfo
{
    /// <summary>The table's database and name.</summary>
    public required TablePath Path { get; init; }

    /// <summary>The cluster-wide id; it changes when the table is dropped and created again.</summary>
    public required long TableId { get; init; }

    /// <summary>The latest schema.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>The partition columns in order; empty when the table is not partitioned.</summary>
    public IReadOnlyList<string> PartitionKeys { get; init; } = [];

    /// <summary>The bucket-key columns in order; may be empty for a log table.</summary>
    public IReadOnlyList<string> BucketKeys { get; init; } = [];

    /// <summary>The number of buckets of the table, or of each of its partitions.</summary>
    public required int BucketCount { get; init; }

    /// <summary>The <c>table.*</c> properties, with the lake's catalog properties merged in by the server where the lake is enabled.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The free-form properties of the table's creator.</summary>
    public IReadOnlyDictionary<string, string> CustomProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>The table's comment, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>When the table was created.</summary>
    public DateTimeOffset CreatedTime { get; init; }

    /// <summary>When the table was last changed.</summary>
    public DateTimeOffset ModifiedTime { get; init; }
}
