using FlussLake.Client.Log;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead;

/// <summary>The log half of a table at one moment.</summary>
/// <param name="Ranges">The ranges of the buckets that have records after the lake's offsets.</param>
/// <param name="Partitions">The partitions that the table has in Fluss, by id; empty for a table without partitions.</param>
internal sealed record CapturedLog(IReadOnlyList<LogRange> Ranges, IReadOnlyDictionary<long, PartitionInfo> Partitions);
