using FlussLake.Embedded.Log;

namespace FlussLake.Embedded.Tiering;

/// <summary>What a round takes of one bucket's log.</summary>
/// <param name="Partition">The name of the bucket's partition; null for a table without partitions.</param>
/// <param name="Log">The log.</param>
/// <param name="Start">The first offset.</param>
/// <param name="End">The exclusive end.</param>
internal sealed record TieredRange(string? Partition, BucketLog Log, long Start, long End);
