using System.Diagnostics;
using System.Globalization;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks.Tables;

/// <summary>The tables of one cluster, each made once: a cluster that was kept has them already.</summary>
internal sealed class TableStore(KitCluster cluster)
{
    private readonly string _made = Directory.CreateDirectory(Path.Combine(cluster.Folder, "made")).FullName;

    /// <summary>Makes a table of rows that the lab generates.</summary>
    public LabTable MakeGenerated(LabTable table, long rows, int nullPercent = 0) => Make(table, made =>
    {
        // The lab answers within two minutes or not at all.
        const long AtOnce = 5_000_000;
        for (long from = 0; from < rows; from += AtOnce)
        {
            cluster.Lab.Generate(made, Math.Min(AtOnce, rows - from), from, nullPercent);
        }
    });

    /// <summary>Makes a table, unless it is there whole.</summary>
    public LabTable Make(LabTable table, Action<LabTable> fill)
    {
        string mark = Path.Combine(_made, table.Name);
        if (File.Exists(mark))
        {
            return table;
        }

        long begin = Stopwatch.GetTimestamp();
        cluster.Lab.DropTable(table);
        string lake = table.LakeFolder(cluster);
        if (Directory.Exists(lake))
        {
            Directory.Delete(lake, recursive: true);
        }

        cluster.Lab.CreateTable(table);
        fill(table);
        File.WriteAllText(mark, "");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"made {table.Path} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
        return table;
    }
}
