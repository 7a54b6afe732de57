namespace FlussLake.Cluster.Tests.Kit;

/// <summary>One tablet server and a Paimon lake: what most tests use.</summary>
public sealed class MainCluster() : ClusterFixture(new KitOptions());
