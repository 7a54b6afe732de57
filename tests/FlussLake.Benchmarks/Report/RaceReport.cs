using System.Globalization;
using FlussLake.Benchmarks.Contenders;

namespace FlussLake.Benchmarks.Report;

/// <summary>Prints what a race gave.</summary>
internal static class RaceReport
{
    private const double Megabyte = 1 << 20;

    /// <summary>One line a contender; ratios are those of its medians to the first contender's.</summary>
    public static void Print(string title, IReadOnlyList<Contender> contenders)
    {
        Contender ours = contenders[0];
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine("  contender      median s     min s     max s  ratio   client CPU s  ratio   server CPU s   peak MB");
        foreach (Contender contender in contenders)
        {
            double[] seconds = [.. contender.Runs.Select(run => run.Seconds).Order()];
            double peak = contender.Runs.Max(run => run.PeakBytes) / Megabyte;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {contender.Name,-12} {contender.Seconds,10:0.000} {seconds[0],9:0.000} {seconds[^1],9:0.000} {contender.Seconds / ours.Seconds,6:0.00} {contender.ClientCpu,14:0.00} {contender.ClientCpu / ours.ClientCpu,6:0.00} {contender.ServerCpu,14:0.00} {peak,9:0}"));
        }
    }
}
