namespace FlussLake.Benchmarks.Contenders;

/// <summary>The middle of some measurements.</summary>
internal static class Median
{
    /// <summary>The median; of an even number, the mean of the two in the middle.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
