namespace FlussLake.Lake.Paimon;

/// <summary>The table options that decide how a scan is planned, and the refusal of those that this planner does not honour.</summary>
internal sealed record PaimonOptions
{
    internal required bool HasLegacyPartitionNames { get; init; }

    internal required string DefaultPartitionName { get; init; }

    /// <summary>The folder below the table's root that the data lie in; empty for the root itself.</summary>
    internal required string DataFolder { get; init; }

    internal static PaimonOptions Read(string table, IReadOnlyDictionary<string, string> options)
    {
        Require(table, options, "manifest.format", "avro", "Rewrite the table with manifests in Avro.");
        Require(table, options, "data-evolution.enabled", "false", "Rows whose columns are spread over several files are not supported.");
        Require(table, options, "chain-table.enabled", "false", "Chain tables are not supported.");
        Require(table, options, "query-auth.enabled", "false", "Its rows are filtered by rules that only its catalog knows.");
        Require(table, options, "branch", "main", "Only a table's main branch is read.");
        if (options.TryGetValue("scan.fallback-branch", out string? branch) && branch.Length > 0)
            throw LakeErrors.NotSupported(table, $"its option 'scan.fallback-branch' is '{branch}'", "Only a table's main branch is read.");
        if (options.TryGetValue("type", out string? type) && Normal(type) is not ("table" or "materialized-table"))
            throw LakeErrors.NotSupported(table, $"its option 'type' is '{type}'", "Only tables of Paimon's own format are read.");

        string folder = (options.GetValueOrDefault("data-file.path-directory") ?? "").Trim('/');
        if (folder.Contains('\\', StringComparison.Ordinal) || folder.Contains('\0', StringComparison.Ordinal) || Array.Exists(folder.Split('/'), p => p is "." or ".."))
            throw LakeErrors.NotSupported(table, $"its option 'data-file.path-directory' is '{folder.Replace('\0', '?')}'", "It must be a folder below the table's.");
        return new PaimonOptions
        {
            HasLegacyPartitionNames = Normal(options.GetValueOrDefault("partition.legacy-name") ?? "true") != "false",
            DefaultPartitionName = options.GetValueOrDefault("partition.default-name") ?? "__DEFAULT_PARTITION__",
            DataFolder = folder,
        };
    }

    private static void Require(string table, IReadOnlyDictionary<string, string> options, string name, string only, string advice)
    {
        if (options.TryGetValue(name, out string? value) && Normal(value) != only)
            throw LakeErrors.NotSupported(table, $"its option '{name}' is '{value}'", advice);
    }

    private static string Normal(string value) => value.Trim().ToLowerInvariant();
}
