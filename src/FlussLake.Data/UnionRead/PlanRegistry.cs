using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace FlussLake.Data.UnionRead;

/// <summary>The plans that SQL text may refer to now. They are put in and taken out by the session that made them.</summary>
internal static class PlanRegistry
{
    private static readonly ConcurrentDictionary<string, UnionReadPlan> s_plans = new(StringComparer.Ordinal);

    /// <summary>How many plans there are; tests see that it comes back to where it was.</summary>
    public static int Count => s_plans.Count;

    public static void Add(UnionReadPlan plan) => s_plans[plan.Id] = plan;

    public static void Remove(UnionReadPlan plan) => s_plans.TryRemove(plan.Id, out _);

    public static bool TryFind(string id, [NotNullWhen(true)] out UnionReadPlan? plan) => s_plans.TryGetValue(id, out plan);
}
