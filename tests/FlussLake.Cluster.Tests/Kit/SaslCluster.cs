namespace FlussLake.Cluster.Tests.Kit;

/// <summary>A cluster that wants a user and a password.</summary>
public sealed class SaslCluster() : ClusterFixture(new KitOptions { Lake = "none", User = RootUser, Password = RootPassword })
{
    public const string RootUser = "root";
    public const string RootPassword = "kit-secret";
}
