using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>One of those that are compared: a process of its own, and what it is asked to do in each run.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Process">The process.</param>
/// <param name="Request">What it is asked.</param>
internal sealed record Contender(string Name, ChildProcess Process, JsonObject Request)
{
    /// <summary>The runs that count.</summary>
    public List<Run> Runs { get; } = [];

    public double Seconds => Median.Of(Runs.Select(run => run.Seconds));

    public double ClientCpu => Median.Of(Runs.Select(run => run.ClientCpu));

    public double ServerCpu => Median.Of(Runs.Select(run => run.ServerCpu));

    /// <summary>Runs once.</summary>
    /// <param name="server">The tablet server's process.</param>
    public Run RunOnce(int server)
    {
        ProcessFigures.ResetPeak(Process.Id);
        double clientBefore = ProcessFigures.CpuSeconds(Process.Id);
        double serverBefore = ProcessFigures.CpuSeconds(server);
        JsonElement answer = Process.Ask(Request);
        return new Run(
            answer.GetProperty("seconds").GetDouble(),
            ProcessFigures.CpuSeconds(Process.Id) - clientBefore,
            ProcessFigures.CpuSeconds(server) - serverBefore,
            ProcessFigures.PeakBytes(Process.Id),
            answer.TryGetProperty("allocated", out JsonElement allocated) ? allocated.GetInt64() : 0,
            answer.TryGetProperty("rows", out JsonElement rows) ? rows.GetInt64() : null,
            answer.TryGetProperty("result", out JsonElement result) ? string.Join(", ", result.EnumerateArray().Select(value => value.GetString())) : null);
    }
}
