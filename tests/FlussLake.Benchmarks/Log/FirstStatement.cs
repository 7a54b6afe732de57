using System.Globalization;
using System.Text.Json.Nodes;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks.Log;

/// <summary>The first statement of a process, from the opening of its connection on: code is compiled and libraries are loaded meanwhile.</summary>
internal static class FirstStatement
{
    public static void Measure(LabTable table, BenchmarkCluster cluster, int runs, Func<ChildProcess> startPyFluss)
    {
        JsonObject ourRequest = new() { ["sql"] = BenchmarkTable.AllColumns(BenchmarkTable.Source(table)) };
        JsonObject pyFlussRequest = new() { ["table"] = table.Path, ["sql"] = BenchmarkTable.AllColumns("source") };
        List<double> ours = [];
        List<double> pyFluss = [];
        for (int run = 0; run < runs; run++)
        {
            ours.Add(First(() => SqlHost.Start(cluster.ConnectionString), ourRequest));
            pyFluss.Add(First(startPyFluss, pyFlussRequest));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the first statement of a process, all columns of {table.Path}, with its connection: FlussLake {Median.Of(ours):0.000} s, pyfluss {Median.Of(pyFluss):0.000} s (medians of {runs})"));
    }

    private static double First(Func<ChildProcess> start, JsonObject request)
    {
        using ChildProcess process = start();
        return process.Ask(request).GetProperty("firstSeconds").GetDouble();
    }
}
