namespace FlussLake.Embedded.Tiering;

/// <summary>The table options that ask a writer for what is not written here.</summary>
internal static class PaimonWriteOptions
{
    private static readonly (string Option, string Only, string Advice)[] s_required =
    [
        ("file.format", "parquet", "Only Parquet files are written."),
        ("manifest.format", "avro", "Only manifests in Avro are written."),
        ("row-tracking.enabled", "false", "Row ids are not written."),
        ("data-evolution.enabled", "false", "Rows whose columns are spread over several files are not written."),
        ("chain-table.enabled", "false", "Chain tables are not written."),
        ("branch", "main", "Only a table's main branch is written."),
    ];

    private static readonly string[] s_unwanted = ["data-file.external-paths", "scan.fallback-branch", "file.format.per.level"];

    /// <summary>The first option that is not honoured, or null where all are.</summary>
    public static (string Option, string Value, string Advice)? Refused(IReadOnlyDictionary<string, string> options)
    {
        foreach ((string option, string only, string advice) in s_required)
        {
            if (options.TryGetValue(option, out string? value) && !value.Trim().Equals(only, StringComparison.OrdinalIgnoreCase))
            {
                return (option, value, advice);
            }
        }

        foreach (string option in s_unwanted)
        {
            if (options.TryGetValue(option, out string? value) && value.Length > 0)
            {
                return (option, value, "Leave the option out.");
            }
        }

        return null;
    }
}
