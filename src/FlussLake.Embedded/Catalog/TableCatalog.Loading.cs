using System.Collections.Immutable;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.State;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Catalog;

internal sealed partial class TableCatalog
{
    /// <summary>Reads the state at start, and makes the default database where there is none.</summary>
    public void Load()
    {
        foreach (DatabaseEntry database in context.Store.Read(connection => connection.Rows(
            "SELECT name, json, created, modified FROM databases", row => new DatabaseEntry(row.GetString(0), (byte[])row[1], row.GetInt64(2), row.GetInt64(3)))))
        {
            _databases.Add(database.Name, database);
        }

        if (_databases.Count == 0)
        {
            CreateDatabase(DefaultDatabase, null, ignoreIfExists: true);
        }

        foreach (TableEntry table in context.Store.Read(LoadTables))
        {
            Show(table);
        }

        foreach ((long id, TableBucket bucket) in context.Store.Read(connection => connection.Rows(
            "SELECT id, table_id, partition_id, bucket FROM buckets",
            row => (row.GetInt64(0), new TableBucket(row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt32(3))))))
        {
            context.Logs.Add(BucketLog.Open(context.Store, context.Time, id, bucket, FirstLeader(bucket)));
        }
    }

    private static List<TableEntry> LoadTables(SqliteConnection connection)
    {
        ILookup<long, TableSchemaRow> schemas = connection.Rows(
            "SELECT table_id, schema_id, json FROM schemas ORDER BY table_id, schema_id", row => new TableSchemaRow(row.GetInt64(0), row.GetInt32(1), (byte[])row[2])).ToLookup(row => row.TableId);
        ILookup<long, (string Name, long Id)> partitions = connection.Rows("SELECT table_id, name, id FROM partitions", row => (TableId: row.GetInt64(0), Name: row.GetString(1), Id: row.GetInt64(2)))
            .ToLookup(row => row.TableId, row => (row.Name, row.Id));
        return connection.Rows("SELECT id, database, name, json, created, modified FROM tables", row =>
        {
            long id = row.GetInt64(0);
            TablePath path = new(row.GetString(1), row.GetString(2));
            if (!schemas[id].Any() || !schemas[id].Select((schema, i) => schema.SchemaId == i + 1).All(follows => follows))
            {
                throw new FlussException($"A schema of table {path} is missing.", FlussErrorCode.StorageFailure);
            }

            return new TableEntry
            {
                TableId = id,
                Path = path,
                Descriptor = TableJson.ReadDescriptor(path, (byte[])row[3]),
                Schemas = [.. schemas[id].Select(schema => new StoredSchema(TableJson.ReadSchema(path, schema.SchemaId, schema.Json)))],
                CreatedTime = row.GetInt64(4),
                ModifiedTime = row.GetInt64(5),
                Partitions = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, partitions[id].Select(partition => KeyValuePair.Create(partition.Name, partition.Id))),
            };
        });
    }

    private sealed record TableSchemaRow(long TableId, int SchemaId, byte[] Json);
}
