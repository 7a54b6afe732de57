namespace FlussLake.Cluster.Tests.Kit;

/// <summary>Two tablet servers, so that a table's buckets have two leaders.</summary>
public sealed class LiveCluster() : ClusterFixture(new KitOptions { Tablets = 2 });
