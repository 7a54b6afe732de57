using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FlussLake.Data.UnionRead;

/// <summary>How SQL text names an arm of a plan's half: <c>plan/number</c>.</summary>
internal static class ArmReference
{
    public static string Of(UnionReadPlan plan, int arm) => string.Create(CultureInfo.InvariantCulture, $"{plan.Id}/{arm}");

    /// <summary>Finds the plan, and the number of the arm in it.</summary>
    public static bool TryFind(string reference, [NotNullWhen(true)] out UnionReadPlan? plan, out int arm)
    {
        int slash = reference.IndexOf('/', StringComparison.Ordinal);
        arm = -1;
        plan = null;
        return slash > 0 && int.TryParse(reference.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out arm)
            && PlanRegistry.TryFind(reference[..slash], out plan);
    }
}
