// Measures, prints, and fails where a bound is missed: dotnet run -c Release --project tests/FlussLake.Benchmarks -- embedded
using FlussLake.Benchmarks;

switch (args)
{
    case ["embedded"]:
        return await EmbeddedBenchmark.RunAsync();
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project tests/FlussLake.Benchmarks -- embedded");
        return 2;
}
