using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.State;
using FlussLake.Lake;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Catalog;

internal sealed partial class TableCatalog
{
    public IReadOnlyList<string> Tables(string database)
    {
        lock (_gate)
        {
            return _databases.ContainsKey(database)
                ? [.. _tables.Keys.Where(path => path.Database == database).Select(path => path.Table).Order(StringComparer.Ordinal)]
                : throw TableErrors.NoDatabase(database);
        }
    }

    public void CreateTable(TablePath path, ReadOnlyMemory<byte> json, bool ignoreIfExists)
    {
        Names.RequireTable(path);
        TableDescriptor descriptor = _rules.Complete(path, json);
        lock (_gate)
        {
            if (!_databases.ContainsKey(path.Database))
            {
                throw TableErrors.NoDatabase(path.Database);
            }

            if (_tables.ContainsKey(path))
            {
                if (ignoreIfExists)
                {
                    return;
                }

                throw new FlussException($"Table {path} already exists.", FlussErrorCode.TableAlreadyExist);
            }

            CreateTable(path, descriptor);
        }
    }

    public void DropTable(TablePath path, bool ignoreIfNotExists)
    {
        lock (_gate)
        {
            if (!_tables.TryGetValue(path, out TableEntry? table))
            {
                if (ignoreIfNotExists)
                {
                    return;
                }

                throw TableErrors.NoTable(path);
            }

            Writer.Execute(connection => DeleteTable(connection, table), () => RemoveLogs(table.Buckets()));
            Hide(table);
        }
    }

    private void CreateTable(TablePath path, TableDescriptor descriptor)
    {
        long now = Now;
        RequirePartitions(path, AutoPartition.FirstCount(descriptor), descriptor.BucketCount!.Value);
        string[] partitions = [.. AutoPartition.First(descriptor, context.Time)];
        TableEntry table = new()
        {
            TableId = -1,
            Path = path,
            Descriptor = descriptor,
            Schemas = [new StoredSchema(new TableSchema(1, descriptor.Columns, []))],
            CreatedTime = now,
            ModifiedTime = now,
        };
        Writer.Execute(connection => table = table with { TableId = connection.Next("table") });

        // The lake first, as the real server does it: a table whose lake half could not be made must not exist.
        if (table.IsLakeEnabled)
        {
            CreateLakeTable(table, isNew: true);
        }

        List<(long Id, TableBucket Bucket)> buckets = [];
        Writer.Execute(
            connection =>
            {
                connection.Run(
                    "INSERT INTO tables(id, database, name, json, created, modified) VALUES($0, $1, $2, $3, $4, $5)",
                    table.TableId, path.Database, path.Table, TableJson.Write(descriptor), now, now);
                connection.Run("INSERT INTO schemas(table_id, schema_id, json) VALUES($0, 1, $1)", table.TableId, table.LatestSchema.Json);
                table = table with { Partitions = partitions.Aggregate(table.Partitions, (known, name) => known.Add(name, StorePartition(connection, table.TableId, name))) };
                buckets = StoreBuckets(connection, table.Buckets());
            },
            () => AddLogs(buckets));
        Show(table);
    }

    private static void DeleteTable(SqliteConnection connection, TableEntry table)
    {
        connection.Run("DELETE FROM batches WHERE bucket_id IN (SELECT id FROM buckets WHERE table_id = $0)", table.TableId);
        foreach (string owner in (ReadOnlySpan<string>)["buckets", "partitions", "schemas", "lake_snapshots"])
        {
            connection.Run($"DELETE FROM {owner} WHERE table_id = $0", table.TableId);
        }

        connection.Run("DELETE FROM tables WHERE id = $0", table.TableId);
    }

    private void CreateLakeTable(TableEntry table, bool isNew) => ChangeLake(table, () => context.Lake.CreateTable(Info(table), isNew));

    private static void ChangeLake(TableEntry table, Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LakeException)
        {
            throw new FlussException($"The lake table of {table.Path} cannot be made or changed: {exception.Message}", FlussErrorCode.StorageFailure, exception);
        }
    }
}
