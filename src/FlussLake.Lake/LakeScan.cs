namespace FlussLake.Lake;

/// <summary>The plan of a scan: the live data files of one snapshot and the schemas they were written with.</summary>
public sealed record LakeScan
{
    /// <summary>The snapshot's id.</summary>
    public required long SnapshotId { get; init; }

    /// <summary>The schema of the snapshot, which the rows are presented in.</summary>
    public required LakeSchema Schema { get; init; }

    /// <summary>The table's options: those of the latest schema, as the lake's own readers take them.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The live data files.</summary>
    public required IReadOnlyList<LakeFile> Files { get; init; }

    /// <summary>The schemas that the files were written with, by schema id.</summary>
    public required IReadOnlyDictionary<long, LakeSchema> FileSchemas { get; init; }
}
