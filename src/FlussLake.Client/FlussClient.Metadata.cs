using System.Collections.Concurrent;

using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    private readonly ConcurrentDictionary<(long TableId, int SchemaId), TableSchema> _schemas = new();

    /// <summary>Lists the databases that the user may see.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The names.</returns>
    /// <exception cref="FlussException">The cluster cannot be reached or refused the call.</exception>
    public async Task<IReadOnlyList<string>> ListDatabasesAsync(CancellationToken cancellationToken = default)
    {
        ListDatabasesResponse response = await CallAnyAsync(
            ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser, "the cluster", cancellationToken).ConfigureAwait(false);
        return [.. response.DatabaseName];
    }

    /// <summary>Tells whether a database exists.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>True where it does.</returns>
    /// <exception cref="FlussException">The cluster cannot be reached or refused the call.</exception>
    public async Task<bool> DatabaseExistsAsync(string database, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(database);
        DatabaseExistsResponse response = await CallAnyAsync(
            ApiKey.DatabaseExists, new DatabaseExistsRequest { DatabaseName = database }, DatabaseExistsResponse.Parser, $"database {database}", cancellationToken)
            .ConfigureAwait(false);
        return response.Exists;
    }

    /// <summary>Lists the tables of a database that the user may see.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The names without the database.</returns>
    /// <exception cref="FlussException">There is no such database (<see cref="FlussErrorCode.DatabaseNotExist"/>), or the call failed.</exception>
    public async Task<IReadOnlyList<string>> ListTablesAsync(string database, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(database);
        ListTablesResponse response = await CallAnyAsync(
            ApiKey.ListTables, new ListTablesRequest { DatabaseName = database }, ListTablesResponse.Parser, $"database {database}", cancellationToken).ConfigureAwait(false);
        return [.. response.TableName];
    }

    /// <summary>Tells whether a table exists.</summary>
    /// <param name="path">The table.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>True where it does.</returns>
    /// <exception cref="FlussException">The cluster cannot be reached or refused the call.</exception>
    public async Task<bool> TableExistsAsync(TablePath path, CancellationToken cancellationToken = default)
    {
        TableExistsResponse response = await CallAnyAsync(
            ApiKey.TableExists, new TableExistsRequest { TablePath = Wire(path) }, TableExistsResponse.Parser, $"table {path}", cancellationToken).ConfigureAwait(false);
        return response.Exists;
    }

    /// <summary>Describes a table: its id, latest schema, buckets, keys and properties.</summary>
    /// <param name="path">The table.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The table as it is now; nothing is taken from a cache.</returns>
    /// <exception cref="FlussException">There is no such table (<see cref="FlussErrorCode.TableNotExist"/>), a column has a type that is unknown, or the call failed.</exception>
    public async Task<TableInfo> GetTableInfoAsync(TablePath path, CancellationToken cancellationToken = default)
    {
        GetTableInfoResponse response = await CallAnyAsync(
            ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = Wire(path) }, GetTableInfoResponse.Parser, $"table {path}", cancellationToken).ConfigureAwait(false);
        TableInfo table = TableJson.ReadTable(path, response.TableId, response.SchemaId, response.TableJson.Memory, response.CreatedTime, response.ModifiedTime);
        _schemas[(table.TableId, table.Schema.SchemaId)] = table.Schema;
        return table;
    }

    /// <summary>Asks for a table's schema.</summary>
    /// <param name="path">The table.</param>
    /// <param name="schemaId">The version, or null for the latest.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The schema; nothing is taken from a cache.</returns>
    /// <exception cref="FlussException">There is no such table or version, a column has a type that is unknown, or the call failed.</exception>
    public async Task<TableSchema> GetSchemaAsync(TablePath path, int? schemaId = null, CancellationToken cancellationToken = default)
    {
        GetTableSchemaRequest request = new() { TablePath = Wire(path) };
        if (schemaId is { } id)
        {
            request.SchemaId = id;
        }

        GetTableSchemaResponse response = await CallAnyAsync(
            ApiKey.GetTableSchema, request, GetTableSchemaResponse.Parser, schemaId is null ? $"table {path}" : $"table {path}, schema {schemaId}", cancellationToken)
            .ConfigureAwait(false);
        return TableJson.ReadSchema(path, response.SchemaId, response.SchemaJson.Memory);
    }

    /// <summary>Gives one version of a table's schema, for the batches that were written with it. Versions never change, so each is asked for once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schemaId">The version.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="FlussException">There is no such version, a column has a type that is unknown, or the call failed.</exception>
    public async Task<TableSchema> GetSchemaAsync(TableInfo table, int schemaId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Schema.SchemaId == schemaId)
        {
            return table.Schema;
        }

        if (_schemas.TryGetValue((table.TableId, schemaId), out TableSchema? known))
        {
            return known;
        }

        TableSchema schema = await GetSchemaAsync(table.Path, schemaId, cancellationToken).ConfigureAwait(false);
        return _schemas.GetOrAdd((table.TableId, schemaId), schema);
    }

    /// <summary>Lists the partitions that a table has now.</summary>
    /// <param name="path">The table.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The partitions, in no particular order.</returns>
    /// <exception cref="FlussException">
    /// There is no such table, it is not partitioned (<see cref="FlussErrorCode.TableNotPartitioned"/>), or the call failed.
    /// </exception>
    public async Task<IReadOnlyList<PartitionInfo>> ListPartitionsAsync(TablePath path, CancellationToken cancellationToken = default)
    {
        ListPartitionInfosResponse response = await CallAnyAsync(
            ApiKey.ListPartitionInfos, new ListPartitionInfosRequest { TablePath = Wire(path) }, ListPartitionInfosResponse.Parser, $"table {path}", cancellationToken)
            .ConfigureAwait(false);
        List<PartitionInfo> partitions = new(response.PartitionInfos.Count);
        foreach (PbPartitionInfo partition in response.PartitionInfos)
        {
            Dictionary<string, string> values = new(StringComparer.Ordinal);
            foreach (PbKeyValue pair in partition.PartitionSpec.PartitionKeyValues)
            {
                values[pair.Key] = pair.Value;
            }

            string name = string.Join('$', partition.PartitionSpec.PartitionKeyValues.Select(static pair => pair.Value));
            partitions.Add(new PartitionInfo(partition.PartitionId, name, values));
        }

        return partitions;
    }

    private static PbTablePath Wire(TablePath path)
    {
        if (string.IsNullOrEmpty(path.Database) || string.IsNullOrEmpty(path.Table))
        {
            throw new ArgumentException("The path names no database or no table.", nameof(path));
        }

        return new PbTablePath { DatabaseName = path.Database, TableName = path.Table };
    }
}
