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

            if (table.Partitions.Count >= MaxPartitions)
            {
                throw new FlussException($"Table {path} has {MaxPartitions} partitions, which is the most: drop some first.", FlussErrorCode.PartitionMaxNum);
            }

            if ((table.Partitions.Count + 1L) * table.BucketCount > TableRules.MaxBuckets)
            {
                throw new FlussException($"Table {path} would have more than {TableRules.MaxBuckets} buckets with the partition {name}, which is the most.", FlussErrorCode.BucketMaxNum);
            }

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
            foreach (TableEntry table in _tables.Values)
            {
                foreach ((string name, long id) in table.Partitions)
                {
                    if (id == partitionId)
                    {
                        return (table, name);
                    }
                }
            }

            return null;
        }
    }

    private static long StorePartition(SqliteConnection connection, long tableId, string name)
    {
        long id = connection.Next("partition");
        connection.Run("INSERT INTO partitions(id, table_id, name) VALUES($0, $1, $2)", id, tableId, name);
        return id;
    }
}
