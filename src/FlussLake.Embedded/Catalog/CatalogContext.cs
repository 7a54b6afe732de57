using FlussLake.Embedded.Lake;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.State;

namespace FlussLake.Embedded.Catalog;

/// <summary>What the catalog works with.</summary>
internal sealed record CatalogContext
{
    public required StateStore Store { get; init; }

    public required StateWriter Writer { get; init; }

    public required BucketLogs Logs { get; init; }

    public required ILakeCatalog Lake { get; init; }

    public required TimeProvider Time { get; init; }

    public required int DefaultBucketCount { get; init; }

    /// <summary>The number of tablet servers.</summary>
    public required int Servers { get; init; }

    /// <summary>The lake's catalog properties, as answers show them.</summary>
    public required IReadOnlyDictionary<string, string> LakeProperties { get; init; }
}
