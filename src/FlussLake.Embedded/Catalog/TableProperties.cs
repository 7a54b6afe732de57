using System.Globalization;

using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>The <c>table.*</c> properties that Fluss 0.9 knows, and what their values may be. Source: <c>fluss-common/src/main/java/org/apache/fluss/config/ConfigOptions.java</c>.</summary>
internal static class TableProperties
{
    public const string Prefix = "table.";
    public const string ReplicationFactor = "table.replication.factor";
    public const string LakeFreshness = "table.datalake.freshness";
    public const string LocalSegments = "table.log.tiered.local-segments";
    public const string MergeEngine = "table.merge-engine";
    public const string DeleteBehavior = "table.delete.behavior";

    private static readonly Dictionary<string, Func<string, string?>> s_known = new(StringComparer.Ordinal)
    {
        [ReplicationFactor] = Int32,
        [PropertyKeys.LogFormat] = OneOf("ARROW", "INDEXED", "COMPACTED"),
        [PropertyKeys.LogCompression] = OneOf("NONE", "LZ4_FRAME", "ZSTD"),
        [PropertyKeys.ZstdLevel] = Int32,
        ["table.kv.format"] = OneOf("COMPACTED", "INDEXED"),
        ["table.kv.format-version"] = Int32,
        [AutoPartition.Enabled] = Boolean,
        [AutoPartition.Key] = Anything,
        [AutoPartition.TimeUnit] = OneOf("HOUR", "DAY", "MONTH", "QUARTER", "YEAR"),
        [AutoPartition.TimeZone] = Anything,
        [AutoPartition.Precreate] = Int32,
        [AutoPartition.Retention] = Int32,
        ["table.log.ttl"] = Duration,
        [LocalSegments] = Int32,
        [PropertyKeys.LakeEnabled] = Boolean,
        [PropertyKeys.LakeFormat] = OneOf("PAIMON", "LANCE", "ICEBERG"),
        [LakeFreshness] = Duration,
        ["table.datalake.auto-compaction"] = Boolean,
        ["table.datalake.auto-expire-snapshot"] = Boolean,
        [MergeEngine] = OneOf("FIRST_ROW", "VERSIONED", "AGGREGATION"),
        ["table.merge-engine.versioned.ver-column"] = Anything,
        [DeleteBehavior] = OneOf("ALLOW", "IGNORE", "DISABLE"),
        ["table.auto-increment.cache-size"] = static value => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "a 64-bit number is needed",
        ["table.changelog.image"] = OneOf("FULL", "WAL"),
    };

    private static readonly string[] s_durationUnits =
    [
        "", "d", "day", "days", "h", "hour", "hours", "min", "m", "minute", "minutes", "s", "sec", "secs", "second", "seconds", "ms", "milli", "millis", "millisecond", "milliseconds",
        "µs", "micro", "micros", "microsecond", "microseconds", "ns", "nano", "nanos", "nanosecond", "nanoseconds",
    ];

    /// <summary>Whether a property is one of Fluss, not one of the table's creator.</summary>
    public static bool IsTableProperty(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether AlterTable may change a property.</summary>
    public static bool IsAlterable(string key) => key is PropertyKeys.LakeEnabled or LakeFreshness or LocalSegments;

    public static bool IsTrue(IReadOnlyDictionary<string, string> properties, string key) =>
        properties.TryGetValue(key, out string? value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    public static int Number(IReadOnlyDictionary<string, string> properties, string key, int absent) =>
        properties.TryGetValue(key, out string? value) ? int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : absent;

    /// <summary>Checks that properties are known and their values possible.</summary>
    /// <exception cref="FlussException">One is not.</exception>
    public static void Require(TablePath table, IReadOnlyDictionary<string, string> properties)
    {
        foreach ((string key, string value) in properties)
        {
            if (!s_known.TryGetValue(key, out Func<string, string?>? check))
            {
                throw Invalid(table, key, IsTableProperty(key)
                    ? "this version does not know it"
                    : $"properties of Fluss start with '{Prefix}'; put others among the custom properties");
            }

            if (check(value) is { } defect)
            {
                throw Invalid(table, key, $"'{value}' is not possible: {defect}");
            }
        }
    }

    public static FlussException Invalid(TablePath table, string key, string why) => new($"Property {key} of table {table}: {why}.", FlussErrorCode.InvalidConfig);

    private static string? Anything(string value) => null;

    private static string? Int32(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "a 32-bit number is needed";

    private static string? Boolean(string value) =>
        value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : "true or false is needed";

    private static Func<string, string?> OneOf(params string[] values) => value =>
        values.Any(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) ? null : $"one of {string.Join(", ", values)} is needed";

    private static string? Duration(string value)
    {
        string text = value.Trim();
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && long.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out _) && s_durationUnits.Contains(text[digits..].Trim(), StringComparer.OrdinalIgnoreCase)
            ? null
            : "a number and a unit are needed, as in '3min'";
    }
}
