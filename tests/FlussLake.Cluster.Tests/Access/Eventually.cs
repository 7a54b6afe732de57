using System.Diagnostics;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>Waits for a condition.</summary>
internal static class Eventually
{
    /// <summary>Whether <paramref name="condition"/> became true within <paramref name="limit"/>.</summary>
    public static bool True(Func<bool> condition, TimeSpan limit)
    {
        Stopwatch clock = Stopwatch.StartNew();
        SpinWait wait = default;
        while (!condition())
        {
            if (clock.Elapsed > limit)
            {
                return false;
            }

            wait.SpinOnce();
        }

        return true;
    }
}
