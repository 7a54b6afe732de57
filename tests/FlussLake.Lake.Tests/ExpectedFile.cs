namespace FlussLake.Lake.Tests;

/// <summary>A live file as the lake's own planner lists it.</summary>
public sealed record ExpectedFile(string Path, int Bucket, int Level, long Rows, long Size, long Schema, long MinSequence);
