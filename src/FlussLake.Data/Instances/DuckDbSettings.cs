using System.Collections.Frozen;
using DuckDB.NET.Native;

namespace FlussLake.Data.Instances;

/// <summary>The names of the settings that this DuckDB knows, read from the library once.</summary>
internal static class DuckDbSettings
{
    private static readonly Lazy<FrozenSet<string>> s_names = new(ReadNames);

    public static bool IsKnown(string name) => s_names.Value.Contains(name);

    private static FrozenSet<string> ReadNames()
    {
        int count = NativeMethods.Configuration.DuckDBConfigCount();
        List<string> names = new(count);
        for (int index = 0; index < count; index++)
        {
            NativeMethods.Configuration.DuckDBGetConfigFlag(index, out string name, out _);
            names.Add(name);
        }

        return names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
