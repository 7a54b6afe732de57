using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data.UnionRead.Partitions;

namespace FlussLake.Data.UnionRead;

/// <summary>Divides a table's log half into arms: one for each partition, as long as they are not too many to plan.</summary>
internal static class LogArms
{
    /// <summary>The most arms that are told apart by constants. Planning two hundred takes DuckDB some 20 ms.</summary>
    public const int Most = 200;

    public static IReadOnlyList<LogArm> Divide(TableInfo table, IReadOnlyList<LogRange> ranges, IReadOnlyDictionary<long, PartitionInfo> partitions)
    {
        if (ranges.Count == 0)
        {
            return [];
        }

        IGrouping<long?, LogRange>[] groups = [.. ranges.GroupBy(range => range.Bucket.PartitionId)];
        if (table.PartitionKeys.Count == 0 || groups.Length > Most)
        {
            return [new LogArm(ranges, [])];
        }

        PartitionKeyColumn[] keys = PartitionKeyColumn.Of(table);
        return [.. groups.Select(group => new LogArm([.. group], Constants(keys, partitions[group.Key!.Value])))];
    }

    private static List<PartitionConstant> Constants(PartitionKeyColumn[] keys, PartitionInfo partition)
    {
        List<PartitionConstant> constants = [];
        foreach (PartitionKeyColumn key in keys)
        {
            if (partition.Values.TryGetValue(key.Column.Name, out string? name) && FlussPartitionText.TryRead(key.Column.Type, name, out string text))
            {
                constants.Add(new PartitionConstant(key.Position, text));
            }
        }

        return constants;
    }
}
