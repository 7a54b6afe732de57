namespace FlussLake.Cluster.Tests;

/// <summary>Tests that measure the process, and so run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
