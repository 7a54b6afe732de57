namespace FlussLake.Cluster.Tests.Kit;

/// <summary>A cluster whose servers a test may stop and kill; no other test uses it.</summary>
public sealed class FaultyCluster() : ClusterFixture(new KitOptions());
