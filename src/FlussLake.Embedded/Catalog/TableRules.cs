using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>What a table must be like. Source: <c>fluss-server/src/main/java/org/apache/fluss/server/utils/TableDescriptorValidation.java</c> of Fluss 0.9.</summary>
internal sealed class TableRules(int defaultBucketCount, int servers)
{
    public const int MaxBuckets = 128_000;

    /// <summary>Log batches carry the id of their schema in 16 bits.</summary>
    public const int MaxSchemaId = short.MaxValue;

    private static readonly string[] s_reservedColumns = ["__offset", "__timestamp", "__bucket", "_change_type", "_log_offset", "_commit_timestamp"];

    /// <summary>Reads what a client wants a table to be, and fills in the server's defaults.</summary>
    /// <exception cref="FlussException">Such a table is not possible.</exception>
    public TableDescriptor Complete(TablePath path, ReadOnlyMemory<byte> json)
    {
        TableDescriptor table = TableJson.ReadDescriptor(path, json);
        RequireStructure(path, table);
        Dictionary<string, string> properties = new(table.Properties, StringComparer.Ordinal);
        properties.TryAdd(TableProperties.ReplicationFactor, "1");
        properties.TryAdd(PropertyKeys.LakeFormat, "paimon");
        if (table.PartitionKeys.Count > 1 && TableProperties.IsTrue(properties, AutoPartition.Enabled))
        {
            properties.TryAdd(AutoPartition.Precreate, "0");
        }

        TableDescriptor complete = table with { Columns = ColumnIds.Complete(table.Columns), BucketCount = table.BucketCount ?? defaultBucketCount, Properties = properties };
        Require(path, complete);
        return complete;
    }

    /// <summary>Checks a complete descriptor, at creation and after a change of its properties.</summary>
    /// <exception cref="FlussException">Such a table is not possible.</exception>
    public void Require(TablePath path, TableDescriptor table)
    {
        TableProperties.Require(path, table.Properties);
        RequireBuckets(path, table);
        RequirePropertyValues(path, table);
        AutoPartition.Require(path, table);
        RequireKeyTypes(path, table, table.BucketKeys, "bucket key", static kind => kind is FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row);
        RequireKeyTypes(path, table, table.PartitionKeys, "partition column", static kind => kind is FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row or FlussTypeKind.Decimal);
        if (table.Columns.Select(column => column.Name).Intersect(s_reservedColumns).ToArray() is { Length: > 0 } reserved)
        {
            throw TableErrors.Invalid(path, $"{string.Join(", ", reserved)} cannot be column names, since Fluss uses {string.Join(", ", s_reservedColumns)} itself");
        }
    }

    public static bool IsReserved(string column) => s_reservedColumns.Contains(column);

    private static void RequireStructure(TablePath path, TableDescriptor table)
    {
        if (table.PrimaryKey.Count > 0)
        {
            throw TableErrors.Invalid(path, "it has a primary key, and the embedded server has log tables only so far: leave the key away, or use a Fluss cluster");
        }

        if (table.Columns.Count == 0)
        {
            throw TableErrors.Invalid(path, "it has no columns");
        }

        HashSet<string> columns = new(StringComparer.Ordinal);
        if (table.Columns.FirstOrDefault(column => !columns.Add(column.Name)) is { } twice)
        {
            throw TableErrors.Invalid(path, $"two columns are called {twice.Name}");
        }

        if (table.PartitionKeys.FirstOrDefault(key => !columns.Contains(key)) is { } partition)
        {
            throw TableErrors.Invalid(path, $"the partition column {partition} is none of its columns");
        }

        if (table.BucketKeys.FirstOrDefault(key => !columns.Contains(key)) is { } bucket)
        {
            throw TableErrors.Invalid(path, $"the bucket key {bucket} is none of its columns");
        }

        if (table.BucketKeys.Intersect(table.PartitionKeys).FirstOrDefault() is { } both)
        {
            throw TableErrors.Invalid(path, $"{both} cannot be bucket key and partition column at once");
        }
    }

    private void RequireBuckets(TablePath path, TableDescriptor table)
    {
        int buckets = table.BucketCount!.Value;
        if (buckets > MaxBuckets)
        {
            throw new FlussException($"Table {path} cannot have {buckets} buckets: {MaxBuckets} is the most.", FlussErrorCode.BucketMaxNum);
        }

        if (buckets < 1)
        {
            throw TableErrors.Invalid(path, $"{buckets} buckets are not possible: 1 to {MaxBuckets} are");
        }

        int factor = TableProperties.Number(table.Properties, TableProperties.ReplicationFactor, 1);
        if (factor < 1 || factor > servers)
        {
            throw new FlussException($"Table {path} cannot have {factor} replicas: 1 to {servers} are possible with {servers} tablet servers.", FlussErrorCode.InvalidReplicationFactor);
        }
    }

    private static void RequirePropertyValues(TablePath path, TableDescriptor table)
    {
        int segments = TableProperties.Number(table.Properties, TableProperties.LocalSegments, 2);
        if (segments < 1)
        {
            throw TableProperties.Invalid(path, TableProperties.LocalSegments, $"{segments} is not possible: at least 1 is needed");
        }

        int level = TableProperties.Number(table.Properties, PropertyKeys.ZstdLevel, 3);
        if (level is < 1 or > 22)
        {
            throw TableProperties.Invalid(path, PropertyKeys.ZstdLevel, $"{level} is not possible: 1 to 22 are");
        }

        foreach (string key in (ReadOnlySpan<string>)[TableProperties.MergeEngine, TableProperties.DeleteBehavior])
        {
            if (table.Properties.ContainsKey(key))
            {
                throw TableProperties.Invalid(path, key, "only a table with a primary key can have it");
            }
        }
    }

    private static void RequireKeyTypes(TablePath path, TableDescriptor table, IReadOnlyList<string> keys, string what, Func<FlussTypeKind, bool> isRefused)
    {
        foreach (string key in keys)
        {
            FlussType type = table.Columns.First(column => column.Name == key).Type;
            if (isRefused(type.Kind))
            {
                throw TableErrors.Invalid(path, $"the {what} {key} has the type {type}, which is not possible there");
            }
        }
    }
}
