using System.Globalization;
using System.Text.Json.Nodes;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Report;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks.Memory;

/// <summary>
/// How much resident memory the statement over all columns needs at its peak, over what its process held after a query on an empty table, where DuckDB may use 128 MB. Each
/// measurement is a process of its own.
/// </summary>
internal sealed class MemoryBenchmark(BenchmarkCluster cluster, BenchmarkOptions options)
{
    private const long DefaultRows = 5_000_000;
    private const int Times = 4;
    private const int DefaultRuns = 5;
    private const double Megabyte = 1 << 20;
    private const double MostMegabytes = 128;
    private const double MostGrowth = 1.05;
    private readonly long _rows = options.Rows ?? DefaultRows;
    private readonly int _runs = options.Runs ?? DefaultRuns;

    public static int Run(BenchmarkOptions options)
    {
        using BenchmarkCluster cluster = BenchmarkCluster.Start(options);
        return new MemoryBenchmark(cluster, options).Run();
    }

    public int Run()
    {
        LabTable empty = cluster.Tables.Make(BenchmarkTable.Named("empty"), _ => { });
        LabTable table = cluster.Tables.MakeGenerated(BenchmarkTable.Named($"orders_{_rows}"), _rows);
        LabTable larger = cluster.Tables.MakeGenerated(BenchmarkTable.Named($"orders_{Times * _rows}"), Times * _rows);
        List<double> peaks = [];
        List<double> largerPeaks = [];
        for (int run = 0; run < _runs; run++)
        {
            peaks.Add(Peak(empty, table));
            largerPeaks.Add(Peak(empty, larger));
        }

        Console.WriteLine();
        Console.WriteLine("the peak of resident memory of the statement over all 7 columns, memory_limit=128MB");
        Print(_rows, peaks);
        Print(Times * _rows, largerPeaks);
        Bounds bounds = new();
        bounds.AtMost("peak of memory", Median.Of(peaks), MostMegabytes, "MiB");
        bounds.AtMost($"peak of memory with {Times} times the rows", Median.Of(largerPeaks) / Median.Of(peaks), MostGrowth, "times");
        return bounds.Missed ? 1 : 0;
    }

    private double Peak(LabTable empty, LabTable table)
    {
        using ChildProcess process = SqlHost.Start(cluster.ConnectionString + ";memory_limit=128MB");
        process.Ask(new JsonObject { ["sql"] = BenchmarkTable.AllColumns(BenchmarkTable.Source(empty)) });
        long before = ProcessFigures.ResidentBytes(process.Id);
        ProcessFigures.ResetPeak(process.Id);
        process.Ask(new JsonObject { ["sql"] = BenchmarkTable.AllColumns(BenchmarkTable.Source(table)) });
        return (ProcessFigures.PeakBytes(process.Id) - before) / Megabyte;
    }

    private static void Print(long rows, List<double> peaks) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"  {rows:#,0} rows: median {Median.Of(peaks):0.0} MiB, min {peaks.Min():0.0} MiB, max {peaks.Max():0.0} MiB"));
}
