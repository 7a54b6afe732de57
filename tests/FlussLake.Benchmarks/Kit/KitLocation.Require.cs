namespace FlussLake.Cluster.Tests.Kit;

/// <content>What becomes of a benchmark without a kit.</content>
public static partial class KitLocation
{
    /// <summary>Ends the benchmark where the kit is missing.</summary>
    public static void Require()
    {
        if (Missing is { } reason)
        {
            throw new InvalidOperationException(reason);
        }
    }
}
