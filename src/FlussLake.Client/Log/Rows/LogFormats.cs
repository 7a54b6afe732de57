using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Rows;

/// <summary>Reads the property that names a table's log format.</summary>
internal static class LogFormats
{
    /// <summary>The log format of a table.</summary>
    /// <returns>The format, or null where <see cref="PropertyKeys.LogFormat"/> names one that is not known.</returns>
    public static LogFormat? Of(TableInfo table)
    {
        // Servers compare the names ignoring case, and keep them as they were given.
        string name = table.Properties.GetValueOrDefault(PropertyKeys.LogFormat, "ARROW");
        return name.ToUpperInvariant() switch
        {
            "ARROW" => LogFormat.Arrow,
            "INDEXED" => LogFormat.Indexed,
            "COMPACTED" => LogFormat.Compacted,
            _ => null,
        };
    }
}
