using System.Globalization;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>What Linux counts of a process.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;
    private const long Kilobyte = 1024;
    private const int UserTime = 11;

    /// <summary>The CPU time of all of a process's threads in seconds, to a hundredth.</summary>
    public static double CpuSeconds(int process)
    {
        // The program's name comes second, in parentheses; it may hold spaces.
        string text = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[UserTime + 1], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The bytes of memory that a process holds now.</summary>
    public static long ResidentBytes(int process) => Status(process, "VmRSS:");

    /// <summary>The most bytes of memory that a process has held since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes(int process) => Status(process, "VmHWM:");

    /// <summary>Takes what a process holds now for its peak.</summary>
    public static void ResetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    private static long Status(int process, string name)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * Kilobyte;
    }
}
