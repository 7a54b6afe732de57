using FlussLake.Data.UnionRead.Partitions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>A part of the lake half that DuckDB reads, or leaves out, as a whole: files of one schema.</summary>
/// <param name="SchemaId">The schema that the files were written with.</param>
/// <param name="Files">The files, at least one.</param>
/// <param name="Constants">The partition keys that have one value in all of its rows.</param>
internal sealed record LakeArm(long SchemaId, IReadOnlyList<LakeFile> Files, IReadOnlyList<PartitionConstant> Constants)
{
    /// <summary>The positions of the partition keys whose values DuckDB takes from the files' paths, so that it opens no file that cannot match; empty for none.</summary>
    public IReadOnlyList<int> PathKeys { get; init; } = [];

    /// <summary>A file that is known not to be there any more, or null.</summary>
    public string? MissingFile { get; init; }

    /// <summary>The number of rows in the files.</summary>
    public long RowCount { get; } = Files.Sum(file => file.RowCount);
}
