using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Partitions;

/// <summary>
/// Appends to partitions that are made first. Fluss's Java client makes missing ones itself, but sometimes waits for ever when the servers do not know yet of what it has just made.
/// </summary>
internal static class PartitionedAppends
{
    public static void AppendToPartitions(this Lab lab, LabTable table, params IEnumerable<object?[]> rows)
    {
        object?[][] all = [.. rows];
        int[] keys = [.. table.PartitionedBy.Select(key => table.Columns.Select(column => column.Name).ToList().IndexOf(key))];
        IReadOnlyDictionary<string, long> known = lab.Partitions(table);
        foreach (string[] values in all.Select(row => keys.Select(key => Name(table.Columns[key].Type, row[key]!)).ToArray()).DistinctBy(values => string.Join('$', values)))
        {
            if (!known.ContainsKey(string.Join('$', values)))
            {
                lab.CreatePartition(table, keys.Select((key, i) => (table.Columns[key].Name, values[i])));
            }
        }

        lab.Offsets(table);
        lab.Append(table, all);
    }

    // As the Java client names them; the names themselves are tested where the writer is.
    private static string Name(FlussType type, object value)
    {
        string text = FormattableString.Invariant($"{value}");
        return type.Kind switch
        {
            FlussTypeKind.Boolean => text.ToLowerInvariant(),
            FlussTypeKind.Time => text.Replace(':', '-').Replace('.', '_') + (text.Contains('.', StringComparison.Ordinal) ? "" : "_000"),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => Moment(text.TrimEnd('Z').Replace('T', '-').Replace(':', '-')),
            FlussTypeKind.Float or FlussTypeKind.Double => Number(value),
            _ => text,
        };
    }

    private static string Moment(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').Replace('.', '_') : text + "_";

    private static string Number(object value) => value switch
    {
        "Infinity" => "Inf",
        "-Infinity" => "-Inf",
        string text => text,
        1e10 => "1_0E10",
        double number when double.IsNegative(number) && number == 0 => "-0_0",
        double number => FormattableString.Invariant($"{number:0.0###}").Replace('.', '_'),
        _ => FormattableString.Invariant($"{value}"),
    };
}
