using FlussLake.Client;
using FlussLake.Embedded.State;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Catalog;

internal sealed partial class TableCatalog
{
    private const int MaxPartitions = 1000;

    public void CreatePartition(TablePath path, IReadOnlyDictionary<string, string> values, bool ignoreIfExists)
    {
        lock (_gate)
        {
            TableEntry table = GetPartitioned(path);
            string name = PartitionNames.Resolve(table, values, isNew: true);
            if (table.Partitions.ContainsKey(name))
            {
                if (ignoreIfExists)
                {
                    return;
                }

                throw new FlussException($"Table {path} has the partition {name} already.", FlussErrorCode.PartitionAlreadyExists);
            }

            RequirePartitions(path, table.Partitions.Count + 1L, table.BucketCount);
            List<(long Id, TableBucket Bucket)> buckets = [];
            long id = 0;
            Writer.Execute(
                connection =>
                {
                    id = StorePartition(connection, table.TableId, name);
                    buckets = StoreBuckets(connection, table.Buckets(id));
                },
                () => AddLogs(buckets));
            Show(table with { Partitions = table.Partitions.Add(name, id) });
        }
    }

    public void DropPartition(TablePath path, IReadOnlyDictionary<string, string> values, bool ignoreIfNotExists)
    {
        lock (_gate)
        {
            TableEntry table = GetPartitioned(path);
            string name = PartitionNames.Resolve(table, values, isNew: false);
            if (!table.Partitions.TryGetValue(name, out long id))
            {
                if (ignoreIfNotExists)
                {
                    return;
                }

                throw TableErrors.NoPartition(path, name);
            }

            Writer.Execute(
                connection =>
                {
                    connection.Run("DELETE FROM batches WHERE bucket_id IN (SELECT id FROM buckets WHERE partition_id = $0)", id);
                    connection.Run("DELETE FROM buckets WHERE partition_id = $0", id);
                    connection.Run("DELETE FROM partitions WHERE id = $0", id);
                },
                () => RemoveLogs(table.Buckets(id)));
            Show(table with { Partitions = table.Partitions.Remove(name) });
        }
    }

    /// <exception cref="FlussException">There is no such table, or it has no partitions.</exception>
    public TableEntry GetPartitioned(TablePath path)
    {
        TableEntry table = Get(path);
        return table.IsPartitioned ? table : throw TableErrors.NotPartitioned(path);
    }

    /// <summary>The table and the name of a partition, or null where there is none with this id.</summary>
    public (TableEntry Table, string Name)? FindPartition(long partitionId)
    {
        lock (_gate)
        {
            return _partitions.TryGetValue(partitionId, out (TablePath Table, string Name) known) ? (_tables[known.Table], known.Name) : null;
        }
    }

    /// <summary>Makes sure that a table may have a number of partitions.</summary>
    private static void RequirePartitions(TablePath path, long partitions, int bucketCount)
    {
        if (partitions > MaxPartitions)
        {
            throw new FlussException($"Table {path} cannot have {partitions} partitions: {MaxPartitions} are the most. Drop some first, or make fewer.", FlussErrorCode.PartitionMaxNum);
        }

        if (partitions * bucketCount > TableRules.MaxBuckets)
        {
            throw new FlussException(
                $"Table {path} cannot have {partitions} partitions of {bucketCount} buckets each: {TableRules.MaxBuckets} buckets are the most that a table has.", FlussErrorCode.BucketMaxNum);
        }
    }

    private static long StorePartition(SqliteConnection connection, long tableId, string name)
    {
        long id = connection.Next("partition");
        connection.Run("INSERT INTO partitions(id, table_id, name) VALUES($0, $1, $2)", id, tableId, name);
        return id;
    }
}
