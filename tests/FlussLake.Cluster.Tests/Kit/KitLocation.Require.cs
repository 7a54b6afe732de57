namespace FlussLake.Cluster.Tests.Kit;

/// <content>What becomes of a test without a kit.</content>
public static partial class KitLocation
{
    /// <summary>Skips the running test where the kit is missing, or fails it on a build server.</summary>
    public static void Require()
    {
        if (Missing is not { } reason)
        {
            return;
        }

        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"The tests on a real cluster must run where CI=true: {reason}");
        }

        Assert.Skip(reason);
    }
}
