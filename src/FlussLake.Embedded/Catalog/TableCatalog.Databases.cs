using System.Text.Json;

using FlussLake.Client;
using FlussLake.Embedded.State;

namespace FlussLake.Embedded.Catalog;

internal sealed partial class TableCatalog
{
    private static readonly byte[] s_emptyDatabase = """{"version":1,"custom_properties":{}}"""u8.ToArray();

    public IReadOnlyList<(DatabaseEntry Database, int Tables)> Databases()
    {
        lock (_gate)
        {
            return [.. _databases.Values.Select(database => (database, _tables.Keys.Count(path => path.Database == database.Name)))];
        }
    }

    public DatabaseEntry? FindDatabase(string name)
    {
        lock (_gate)
        {
            return _databases.GetValueOrDefault(name);
        }
    }

    public void CreateDatabase(string name, byte[]? json, bool ignoreIfExists)
    {
        Names.RequireDatabase(name);
        RequireJson(name, json);
        lock (_gate)
        {
            if (_databases.ContainsKey(name))
            {
                if (ignoreIfExists)
                {
                    return;
                }

                throw new FlussException($"Database {name} already exists.", FlussErrorCode.DatabaseAlreadyExist);
            }

            long now = Now;
            DatabaseEntry database = new(name, json ?? s_emptyDatabase, now, now);
            Writer.Execute(connection => connection.Run(
                "INSERT INTO databases(name, json, created, modified) VALUES($0, $1, $2, $3)", database.Name, database.Json, database.CreatedTime, database.ModifiedTime));
            _databases.Add(name, database);
        }
    }

    public void DropDatabase(string name, bool ignoreIfNotExists, bool cascade)
    {
        lock (_gate)
        {
            if (!_databases.ContainsKey(name))
            {
                if (ignoreIfNotExists)
                {
                    return;
                }

                throw TableErrors.NoDatabase(name);
            }

            TableEntry[] tables = [.. _tables.Values.Where(table => table.Path.Database == name)];
            if (tables.Length > 0 && !cascade)
            {
                throw new FlussException($"Database {name} has {tables.Length} tables: drop them first, or drop the database with cascade.", FlussErrorCode.DatabaseNotEmpty);
            }

            Writer.Execute(
                connection =>
                {
                    foreach (TableEntry table in tables)
                    {
                        DeleteTable(connection, table);
                    }

                    connection.Run("DELETE FROM databases WHERE name = $0", name);
                },
                () => RemoveLogs(tables.SelectMany(table => table.Buckets())));
            _databases.Remove(name);
            foreach (TableEntry table in tables)
            {
                Hide(table);
            }
        }
    }

    private static void RequireJson(string name, byte[]? json)
    {
        if (json is null)
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return;
            }
        }
        catch (JsonException exception)
        {
            throw new FlussException($"The description of database {name} is not JSON: {exception.Message}", FlussErrorCode.InvalidDatabase, exception);
        }

        throw new FlussException($"The description of database {name} is not a JSON object.", FlussErrorCode.InvalidDatabase);
    }
}
