using FlussLake.Client;

namespace FlussLake.Embedded.Catalog;

/// <summary>Names of partitions: the values of the partition columns in their order, joined by <c>$</c>. Values hold no <c>$</c>, so a name splits one way only.</summary>
internal static class PartitionNames
{
    private const char Separator = '$';

    /// <summary>The name of the partition with these values.</summary>
    /// <exception cref="FlussException">The values are not those of the table's partition columns.</exception>
    public static string Resolve(TableEntry table, IReadOnlyDictionary<string, string> values, bool isNew)
    {
        IReadOnlyList<string> keys = table.Descriptor.PartitionKeys;
        if (values.Count != keys.Count)
        {
            throw Invalid(table, $"{values.Count} values are given for its {keys.Count} partition columns");
        }

        foreach (string key in keys)
        {
            if (!values.TryGetValue(key, out string? value))
            {
                throw Invalid(table, $"the value of {key} is missing");
            }

            Names.RequirePartitionValue(value, isNew);
        }

        return string.Join(Separator, keys.Select(key => values[key]));
    }

    /// <summary>The values of a partition, in the order of the table's partition columns.</summary>
    public static string[] Split(string name) => name.Split(Separator);

    /// <summary>Whether a partition has the values asked for.</summary>
    /// <exception cref="FlussException">A value is asked for of what is no partition column.</exception>
    public static bool Matches(TableEntry table, string name, IReadOnlyDictionary<string, string> values)
    {
        string[] parts = Split(name);
        foreach ((string key, string value) in values)
        {
            int position = table.Descriptor.PartitionKeys.ToList().IndexOf(key);
            if (position < 0)
            {
                throw Invalid(table, $"{key} is none of its partition columns");
            }

            if (parts[position] != value)
            {
                return false;
            }
        }

        return true;
    }

    private static FlussException Invalid(TableEntry table, string why) => new(
        $"The partition of table {table.Path} is not described by its columns {string.Join(", ", table.Descriptor.PartitionKeys)}: {why}.", FlussErrorCode.PartitionSpecInvalid);
}
