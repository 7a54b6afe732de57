using FlussLake.Client.Log;
using FlussLake.Data.UnionRead.Partitions;

namespace FlussLake.Data.UnionRead;

/// <summary>A part of the log half that DuckDB reads, or leaves out, as a whole.</summary>
/// <param name="Ranges">The buckets' ranges, none of them empty.</param>
/// <param name="Constants">The partition keys that have one value in all of its rows.</param>
internal sealed record LogArm(IReadOnlyList<LogRange> Ranges, IReadOnlyList<PartitionConstant> Constants)
{
    /// <summary>The number of offsets that it spans: an upper bound of its rows.</summary>
    public long Offsets { get; } = Ranges.Sum(range => range.End - range.Start);
}
