namespace FlussLake.Lake.Tests;

/// <summary>A snapshot as the lake's own planner and reader see it.</summary>
public sealed record ExpectedSnapshot(long Snapshot, string Kind, long Rows, ExpectedFile[] Files);
