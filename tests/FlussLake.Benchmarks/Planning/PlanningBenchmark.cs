using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Report;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Data;

namespace FlussLake.Benchmarks.Planning;

/// <summary>
/// How long it takes to open a connection and to plan a statement over a lake table of 100 files, each written by a tiering round of its own. Nothing is read but the plan
/// (EXPLAIN).
/// </summary>
internal sealed class PlanningBenchmark(BenchmarkCluster cluster, BenchmarkOptions options)
{
    private const int Rounds = 100;
    private const int RowsOfARound = 1000;
    private const int DefaultRuns = 51;
    private const int WarmUps = 50;
    private const double ColdMilliseconds = 50;
    private const double WarmMilliseconds = 10;
    private readonly int _runs = options.Runs ?? DefaultRuns;

    public static int Run(BenchmarkOptions options)
    {
        using BenchmarkCluster cluster = BenchmarkCluster.Start(options);
        return new PlanningBenchmark(cluster, options).Run();
    }

    public int Run()
    {
        Bounds bounds = new();
        LabTable table = cluster.Tables.Make(BenchmarkTable.Named("rounds") with { Buckets = 1, Lake = true }, Fill);
        int files = Directory.GetFiles(table.LakeFolder(cluster.Kit), "*.parquet", SearchOption.AllDirectories).Length;
        if (files != Rounds)
        {
            throw new InvalidOperationException($"The lake of {table.Path} has {files} files.");
        }

        string sql = $"EXPLAIN SELECT * FROM {BenchmarkTable.Source(table)}";
        Console.WriteLine();
        Console.WriteLine($"opening a connection and planning a statement over {files} lake files");
        // First, while there are no instances and clients but its own.
        double warm = Measure("warm", _ => Plan(cluster.ConnectionString, sql));
        double cold = Measure("new client, new DuckDB instance, empty caches", run => Unused(run, () => Plan(Apart(run), sql)));
        bounds.AtMost("planning with empty caches, p50", cold, ColdMilliseconds, "ms");
        bounds.AtMost("planning warm, p50", warm, WarmMilliseconds, "ms");
        FirstOfAProcess(sql);
        return bounds.Missed ? 1 : 0;
    }

    private double Measure(string what, Func<int, double> plan)
    {
        for (int run = 0; run < WarmUps; run++)
        {
            plan(run);
        }

        double clientBefore = ProcessFigures.CpuSeconds(Environment.ProcessId);
        double serverBefore = ProcessFigures.CpuSeconds(cluster.Server);
        double[] taken = [.. Enumerable.Range(WarmUps, _runs).Select(plan).Order()];
        double clientCpu = (ProcessFigures.CpuSeconds(Environment.ProcessId) - clientBefore) * 1000 / _runs;
        double serverCpu = (ProcessFigures.CpuSeconds(cluster.Server) - serverBefore) * 1000 / _runs;
        double median = Median.Of(taken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: p50 {median:0.0} ms, min {taken[0]:0.0} ms, max {taken[^1]:0.0} ms ({_runs} runs); CPU a run: client {clientCpu:0.0} ms, server {serverCpu:0.0} ms"));
        return median;
    }

    private static double Plan(string connectionString, string sql)
    {
        long begin = Stopwatch.GetTimestamp();
        using FlussLakeConnection connection = new(connectionString);
        connection.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        reader.Read();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    // Another list of servers is another client and another instance; another path to the lake is in no cache yet. The second server is never asked.
    private string Apart(int run) => string.Create(
        CultureInfo.InvariantCulture, $"Bootstrap Servers={cluster.Kit.Servers},127.0.0.1:{run + 1};Database={BenchmarkTable.Database};Lake Warehouse={Link(run)}");

    private string Link(int run) => Path.Combine(cluster.Kit.Folder, string.Create(CultureInfo.InvariantCulture, $"warehouse-{run}"));

    private double Unused(int run, Func<double> plan)
    {
        Directory.CreateSymbolicLink(Link(run), cluster.Kit.Warehouse);
        try
        {
            return plan();
        }
        finally
        {
            File.Delete(Link(run));
        }
    }

    private void FirstOfAProcess(string sql)
    {
        const int Processes = 7;
        List<double> seconds = [];
        for (int run = 0; run < Processes; run++)
        {
            using ChildProcess process = SqlHost.Start(cluster.ConnectionString);
            seconds.Add(process.Ask(new System.Text.Json.Nodes.JsonObject { ["sql"] = sql }).GetProperty("firstSeconds").GetDouble());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the first statement of a process: {Median.Of(seconds) * 1000:0} ms (median of {Processes})"));
    }

    private void Fill(LabTable table)
    {
        for (int round = 0; round < Rounds; round++)
        {
            cluster.Kit.Lab.Generate(table, RowsOfARound, from: (long)round * RowsOfARound);
            cluster.Kit.Lab.Tier(table);
        }
    }
}
