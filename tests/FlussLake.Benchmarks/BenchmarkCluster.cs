using System.Globalization;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks;

/// <summary>A cluster of one tablet server and a Paimon lake, and its tables.</summary>
internal sealed class BenchmarkCluster : IDisposable
{
    private BenchmarkCluster(KitCluster kit)
    {
        Kit = kit;
        Tables = new TableStore(kit);
    }

    public KitCluster Kit { get; }

    public TableStore Tables { get; }

    /// <summary>The tablet server's process.</summary>
    public int Server => int.Parse(File.ReadAllText(Path.Combine(Kit.Folder, "run", "tablet-0.pid")), CultureInfo.InvariantCulture);

    /// <summary>What a user writes who wants nothing special.</summary>
    public string ConnectionString => $"Bootstrap Servers={Kit.Servers};Database={BenchmarkTable.Database}";

    public static BenchmarkCluster Start(BenchmarkOptions options)
    {
        KitCluster kit = KitCluster.Start(new KitOptions(), options.Keep);
        try
        {
            kit.Lab.CreateDatabase(BenchmarkTable.Database);
            return new BenchmarkCluster(kit);
        }
        catch
        {
            kit.Dispose();
            throw;
        }
    }

    public void Dispose() => Kit.Dispose();
}
