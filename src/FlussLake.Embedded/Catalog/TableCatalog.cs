using System.Collections.Concurrent;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.State;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Catalog;

/// <summary>
/// Databases, tables and partitions. Changes happen one at a time: they are checked, committed to the state and only then shown. The writer's thread never takes this
/// object's lock, so waiting for it under the lock is safe.
/// </summary>
internal sealed partial class TableCatalog(CatalogContext context)
{
    public const string DefaultDatabase = "fluss";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DatabaseEntry> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<TablePath, TableEntry> _tables = [];
    private readonly ConcurrentDictionary<long, TableEntry> _byId = new();
    private readonly Dictionary<long, (TablePath Table, string Name)> _partitions = [];
    private readonly TableRules _rules = new(context.DefaultBucketCount, context.Servers);

    /// <summary>What answers add to the properties of tables with a lake.</summary>
    public IReadOnlyDictionary<string, string> LakeProperties => context.LakeProperties;

    private StateWriter Writer => context.Writer;

    private long Now => context.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public TableEntry? Find(TablePath path)
    {
        lock (_gate)
        {
            return _tables.GetValueOrDefault(path);
        }
    }

    public TableEntry? FindById(long tableId) => _byId.GetValueOrDefault(tableId);

    /// <exception cref="FlussException">There is no such table.</exception>
    public TableEntry Get(TablePath path) => Find(path) ?? throw TableErrors.NoTable(path);

    public TableInfo Info(TableEntry table) => table.ToInfo(context.LakeProperties);

    private void Show(TableEntry table)
    {
        if (_tables.GetValueOrDefault(table.Path)?.Partitions != table.Partitions)
        {
            ShowPartitions(table);
        }

        _tables[table.Path] = table;
        _byId[table.TableId] = table;
    }

    private void ShowPartitions(TableEntry table)
    {
        HidePartitions(table.Path);
        foreach ((string name, long id) in table.Partitions)
        {
            _partitions.Add(id, (table.Path, name));
        }
    }

    private void HidePartitions(TablePath path)
    {
        foreach (long id in _tables.GetValueOrDefault(path)?.Partitions.Values ?? [])
        {
            _partitions.Remove(id);
        }
    }

    private void Hide(TableEntry table)
    {
        HidePartitions(table.Path);
        _tables.Remove(table.Path);
        _byId.TryRemove(table.TableId, out _);
    }

    /// <summary>Stores new buckets; the logs are there once the transaction is committed.</summary>
    private static List<(long Id, TableBucket Bucket)> StoreBuckets(SqliteConnection connection, IEnumerable<TableBucket> buckets)
    {
        List<(long Id, TableBucket Bucket)> stored = [];
        foreach (TableBucket bucket in buckets)
        {
            long id = connection.Next("bucket");
            connection.Run("INSERT INTO buckets(id, table_id, partition_id, bucket) VALUES($0, $1, $2, $3)", id, bucket.TableId, bucket.PartitionId, bucket.Bucket);
            stored.Add((id, bucket));
        }

        return stored;
    }

    private void AddLogs(List<(long Id, TableBucket Bucket)> buckets)
    {
        foreach ((long id, TableBucket bucket) in buckets)
        {
            context.Logs.Add(BucketLog.Create(context.Store, context.Time, id, bucket, FirstLeader(bucket)));
        }
    }

    private void RemoveLogs(IEnumerable<TableBucket> buckets)
    {
        foreach (TableBucket bucket in buckets)
        {
            context.Logs.Remove(bucket);
        }
    }

    private int FirstLeader(TableBucket bucket) => (int)((bucket.TableId + (bucket.PartitionId ?? 0) + bucket.Bucket) % context.Servers);
}
