using System.Globalization;

using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>
/// Partitions that the server makes by time: those of a table's first moment are made with the table. Later ones are up to writers, and none are dropped.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/utils/AutoPartitionStrategy.java</c>.
/// </summary>
internal static class AutoPartition
{
    public const string Enabled = "table.auto-partition.enabled";
    public const string Key = "table.auto-partition.key";
    public const string TimeUnit = "table.auto-partition.time-unit";
    public const string TimeZone = "table.auto-partition.time-zone";
    public const string Precreate = "table.auto-partition.num-precreate";
    public const string Retention = "table.auto-partition.num-retention";

    private const int DefaultPrecreate = 2;

    /// <summary>How many partitions to make with a table. With several partition columns none: the values of the others are not known.</summary>
    public static int FirstCount(TableDescriptor table) => TableProperties.IsTrue(table.Properties, Enabled) && table.PartitionKeys.Count == 1
        ? Math.Max(0, TableProperties.Number(table.Properties, Precreate, DefaultPrecreate))
        : 0;

    /// <summary>The names of the partitions to make with a table.</summary>
    public static IEnumerable<string> First(TableDescriptor table, TimeProvider time)
    {
        DateTimeOffset now = System.TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zone(table));
        string unit = table.Properties.TryGetValue(TimeUnit, out string? given) ? given.ToUpperInvariant() : "DAY";
        int count = FirstCount(table);
        for (int i = 0; i < count; i++)
        {
            yield return Name(now.DateTime, unit, i);
        }
    }

    /// <summary>Checks the properties of a table.</summary>
    /// <exception cref="FlussException">They do not fit it.</exception>
    public static void Require(TablePath path, TableDescriptor table)
    {
        if (!TableProperties.IsTrue(table.Properties, Enabled))
        {
            return;
        }

        if (table.PartitionKeys.Count == 0)
        {
            throw TableProperties.Invalid(path, Enabled, "the table has no partition columns");
        }

        if (table.PartitionKeys.Count > 1)
        {
            if (!table.Properties.TryGetValue(Key, out string? key) || string.IsNullOrWhiteSpace(key))
            {
                throw TableErrors.Invalid(path, $"with several partition columns {Key} must name the one that is a time");
            }

            if (!table.PartitionKeys.Contains(key))
            {
                throw TableErrors.Invalid(path, $"{Key} names {key}, which is none of the partition columns {string.Join(", ", table.PartitionKeys)}");
            }

            if (TableProperties.Number(table.Properties, Precreate, DefaultPrecreate) > 0)
            {
                throw TableErrors.Invalid(path, $"with several partition columns {Precreate} must be 0");
            }
        }

        _ = Zone(table);
    }

    private static string Name(DateTime now, string unit, int ahead)
    {
        DateTime quarter = now.AddMonths(3 * ahead);
        return unit switch
        {
            "HOUR" => now.AddHours(ahead).ToString("yyyyMMddHH", CultureInfo.InvariantCulture),
            "MONTH" => now.AddMonths(ahead).ToString("yyyyMM", CultureInfo.InvariantCulture),
            "QUARTER" => string.Create(CultureInfo.InvariantCulture, $"{quarter.Year:D4}{((quarter.Month - 1) / 3) + 1}"),
            "YEAR" => now.AddYears(ahead).ToString("yyyy", CultureInfo.InvariantCulture),
            _ => now.AddDays(ahead).ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        };
    }

    // Java takes a zone that it does not know for GMT.
    private static TimeZoneInfo Zone(TableDescriptor table) =>
        !table.Properties.TryGetValue(TimeZone, out string? id) ? TimeZoneInfo.Local : TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
}
