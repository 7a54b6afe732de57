namespace FlussLake.Cluster.Tests.Kit;

/// <summary>A cluster that several test classes share. It starts when the first test asks for it.</summary>
public abstract class ClusterFixture : IDisposable
{
    private readonly Lazy<KitCluster> _cluster;

    protected ClusterFixture(KitOptions options) => _cluster = new Lazy<KitCluster>(() => Start(options));

    /// <summary>The running cluster. Without a kit the test that asks is skipped, or fails on a build server.</summary>
    public KitCluster Cluster
    {
        get
        {
            KitLocation.Require();
            return _cluster.Value;
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_cluster.IsValueCreated)
        {
            _cluster.Value.Dispose();
        }
    }

    private static KitCluster Start(KitOptions options)
    {
        KitCluster cluster = KitCluster.Start(options);
        try
        {
            cluster.Lab.CreateDatabase("shop");
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }
}
