// Measures, prints, and fails where a bound is missed: dotnet run -c Release --project tests/FlussLake.Benchmarks -- log
using FlussLake.Benchmarks;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Lake;
using FlussLake.Benchmarks.Log;
using FlussLake.Benchmarks.Memory;
using FlussLake.Benchmarks.Planning;

if (args is [SqlHost.Verb, string connectionString])
{
    return await SqlHost.RunAsync(connectionString);
}

if (args.Length > 0 && BenchmarkOptions.Parse(args.AsSpan(1)) is { } options)
{
    switch (args[0])
    {
        case "embedded":
            return await EmbeddedBenchmark.RunAsync();
        case "log":
            return LogBenchmark.Run(options);
        case "lake":
            return LakeBenchmark.Run(options);
        case "memory":
            return MemoryBenchmark.Run(options);
        case "all":
            // Every part is run, also after one has missed a bound.
            return LogBenchmark.Run(options) | LakeBenchmark.Run(options with { Rows = null, Runs = null }) | PlanningBenchmark.Run(options with { Runs = null })
                | MemoryBenchmark.Run(options with { Runs = null }) | await EmbeddedBenchmark.RunAsync() | await PartitionBenchmark.RunAsync(options with { Runs = null });
        case "planning":
            return PlanningBenchmark.Run(options);
        case "partitions":
            return await PartitionBenchmark.RunAsync(options);
    }
}

Console.Error.WriteLine("usage: dotnet run -c Release --project tests/FlussLake.Benchmarks -- embedded|log|lake|planning|partitions|memory|all [--rows N] [--runs N] [--keep FOLDER]");
return 2;
