namespace FlussLake.Client.Metadata;

/// <summary>What a table is created with. Column and field ids need not be given: the server numbers them.</summary>
public sealed record TableDescriptor
{
    /// <summary>The columns in their order; at least one.</summary>
    public required IReadOnlyList<FlussColumn> Columns { get; init; }

    /// <summary>The names of the primary-key columns in key order; empty for a log table.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>The partition columns in order; empty for a table without partitions.</summary>
    public IReadOnlyList<string> PartitionKeys { get; init; } = [];

    /// <summary>The columns whose values choose a record's bucket; may be empty for a log table, whose records then go to any bucket.</summary>
    public IReadOnlyList<string> BucketKeys { get; init; } = [];

    /// <summary>The number of buckets of the table, or of each of its partitions; null for the server's default.</summary>
    public int? BucketCount { get; init; }

    /// <summary>The <c>table.*</c> properties.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Free-form properties; those that start with <c>paimon.</c> or <c>iceberg.</c> become options of the lake table.</summary>
    public IReadOnlyDictionary<string, string> CustomProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>The table's comment, or null.</summary>
    public string? Comment { get; init; }
}
