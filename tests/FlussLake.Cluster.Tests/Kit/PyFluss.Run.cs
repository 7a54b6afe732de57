namespace FlussLake.Cluster.Tests.Kit;

/// <content>Its scripts in tests: where it or Python 3.11 is missing the test is skipped with the reason, or fails on a build server.</content>
internal static partial class PyFluss
{
    /// <summary>Runs a script of this project's folder <c>Peers</c>.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string script, params IEnumerable<string> arguments)
    {
        Require();
        return Script.Run("-c", TimeSpan.FromMinutes(2), ["exec python3.11 \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "Peers", script), Packages, .. arguments]);
    }

    private static void Require()
    {
        if (Missing is not { } reason)
        {
            return;
        }

        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"The tests with pyfluss must run where CI=true: {reason}");
        }

        Assert.Skip(reason);
    }
}
