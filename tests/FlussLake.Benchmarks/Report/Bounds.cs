using System.Globalization;

namespace FlussLake.Benchmarks.Report;

/// <summary>The bounds that were checked, and whether one was missed.</summary>
internal sealed class Bounds
{
    /// <summary>Whether a bound was missed.</summary>
    public bool Missed { get; private set; }

    /// <summary>A figure that must be at least <paramref name="bound"/>.</summary>
    public void AtLeast(string what, double figure, double bound, string unit) => Report(what, figure, bound, unit, "at least", figure >= bound, figure - bound);

    /// <summary>A figure that must be at most <paramref name="bound"/>.</summary>
    public void AtMost(string what, double figure, double bound, string unit) => Report(what, figure, bound, unit, "at most", figure <= bound, figure - bound);

    private void Report(string what, double figure, double bound, string unit, string relation, bool met, double difference)
    {
        Missed |= !met;
        string verdict = met ? "met" : string.Create(CultureInfo.InvariantCulture, $"MISSED by {Math.Abs(difference):0.###} {unit}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bound: {what} {figure:0.###} {unit}, {relation} {bound:0.###}: {verdict}"));
    }
}
