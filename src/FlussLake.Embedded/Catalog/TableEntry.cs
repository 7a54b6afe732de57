using System.Collections.Immutable;

using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>A table as it is at one moment. Immutable: a change makes another one.</summary>
internal sealed record TableEntry
{
    public required long TableId { get; init; }

    public required TablePath Path { get; init; }

    /// <summary>The table with its latest columns; bucket count and the server's defaults are filled in.</summary>
    public required TableDescriptor Descriptor { get; init; }

    /// <summary>All schemas by their ids, which start at 1.</summary>
    public required ImmutableArray<StoredSchema> Schemas { get; init; }

    public required long CreatedTime { get; init; }

    public required long ModifiedTime { get; init; }

    /// <summary>The partitions' ids by their names; empty also for a table without partitions.</summary>
    public ImmutableSortedDictionary<string, long> Partitions { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public StoredSchema LatestSchema => Schemas[^1];

    public int BucketCount => Descriptor.BucketCount!.Value;

    public bool IsPartitioned => Descriptor.PartitionKeys.Count > 0;

    public bool IsLakeEnabled => TableProperties.IsTrue(Descriptor.Properties, PropertyKeys.LakeEnabled);

    public bool IsArrowLog => !Descriptor.Properties.TryGetValue(PropertyKeys.LogFormat, out string? format) || format.Equals("ARROW", StringComparison.OrdinalIgnoreCase);

    public StoredSchema? FindSchema(int schemaId) => schemaId >= 1 && schemaId <= Schemas.Length ? Schemas[schemaId - 1] : null;

    /// <summary>The buckets of the table, or of one of its partitions.</summary>
    public IEnumerable<TableBucket> Buckets(long? partitionId) => Enumerable.Range(0, BucketCount).Select(bucket => new TableBucket(TableId, partitionId, bucket));

    /// <summary>All buckets of the table.</summary>
    public IEnumerable<TableBucket> Buckets() => IsPartitioned ? Partitions.Values.SelectMany(partition => Buckets(partition)) : Buckets(null);

    /// <summary>The table as clients know it, with further properties.</summary>
    public TableInfo ToInfo(IReadOnlyDictionary<string, string> lakeProperties)
    {
        TableDescriptor shown = Shown(lakeProperties);
        return new TableInfo
        {
            Path = Path,
            TableId = TableId,
            Schema = LatestSchema.Schema,
            PartitionKeys = shown.PartitionKeys,
            BucketKeys = shown.BucketKeys,
            BucketCount = BucketCount,
            Properties = shown.Properties,
            CustomProperties = shown.CustomProperties,
            Comment = shown.Comment,
            CreatedTime = DateTimeOffset.FromUnixTimeMilliseconds(CreatedTime),
            ModifiedTime = DateTimeOffset.FromUnixTimeMilliseconds(ModifiedTime),
        };
    }

    /// <summary>The descriptor as answers show it: where the lake is enabled, with the catalog properties of the lake, which are not stored with the table.</summary>
    public TableDescriptor Shown(IReadOnlyDictionary<string, string> lakeProperties)
    {
        if (!IsLakeEnabled)
        {
            return Descriptor;
        }

        Dictionary<string, string> properties = new(Descriptor.Properties, StringComparer.Ordinal);
        foreach ((string key, string value) in lakeProperties)
        {
            properties[key] = value;
        }

        return Descriptor with { Properties = properties };
    }
}
