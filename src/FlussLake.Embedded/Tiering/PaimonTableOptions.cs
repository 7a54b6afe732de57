using System.Globalization;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Tiering;

/// <summary>The options of a Paimon table, derived from a Fluss table's properties.</summary>
internal static class PaimonTableOptions
{
    private const string PaimonPrefix = "paimon.";
    private const string FlussPrefix = "fluss.";

    // The server adds the catalog's own settings to what clients see of a table; the table was not created with them.
    private const string CatalogPrefix = "table.datalake.paimon.";

    private static readonly string[] s_unsettable = ["bucket", "bucket-key", "partition.legacy-name", "path"];

    public static SortedDictionary<string, string> Of(TableInfo table)
    {
        SortedDictionary<string, string> options = new(StringComparer.Ordinal) { ["partition.legacy-name"] = "false" };
        options["bucket"] = table.BucketKeys.Count > 0 ? table.BucketCount.ToString(CultureInfo.InvariantCulture) : "-1";
        if (table.BucketKeys.Count > 0)
        {
            options["bucket-key"] = string.Join(',', table.BucketKeys);
        }

        foreach ((string key, string value) in table.Properties.Concat(table.CustomProperties))
        {
            bool isPaimon = key.StartsWith(PaimonPrefix, StringComparison.Ordinal);
            string option = isPaimon ? key[PaimonPrefix.Length..] : key;
            if (s_unsettable.Contains(option, StringComparer.Ordinal))
            {
                throw TieringErrors.OptionIsSet(table.Path, key);
            }

            if (!key.StartsWith(CatalogPrefix, StringComparison.Ordinal))
            {
                options[isPaimon ? option : FlussPrefix + key] = value;
            }
        }

        if (PaimonWriteOptions.Refused(options) is { } refused)
        {
            throw TieringErrors.OptionOfNewTable(table.Path, refused.Option, refused.Value, refused.Advice);
        }

        return options;
    }
}
