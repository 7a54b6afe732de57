using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

namespace FlussLake.Client;

/// <content>
/// Changes of the catalog. They go to the coordinator. A change whose answer was lost is asked for again only where that cannot do harm: with an ignore flag, and for
/// properties. Otherwise the call fails with a transient code and says that the change may have taken effect.
/// </content>
public sealed partial class FlussClient
{
    /// <summary>Creates a database.</summary>
    /// <param name="database">Its name: ASCII letters, digits, <c>_</c> and <c>-</c>, at most 200, not starting with <c>__</c>.</param>
    /// <param name="ignoreIfExists">Whether a database of that name is fine.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the database exists.</returns>
    /// <exception cref="FlussException">
    /// It exists (<see cref="FlussErrorCode.DatabaseAlreadyExist"/>), the name is not valid (<see cref="FlussErrorCode.InvalidDatabase"/>), or the call failed; where the answer was lost,
    /// the message says so.
    /// </exception>
    public Task CreateDatabaseAsync(string database, bool ignoreIfExists = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(database);
        return ChangeAsync(
            ApiKey.CreateDatabase,
            new CreateDatabaseRequest { DatabaseName = database, IgnoreIfExists = ignoreIfExists },
            CreateDatabaseResponse.Parser,
            $"database {database}",
            repeatable: ignoreIfExists,
            cancellationToken);
    }

    /// <summary>Drops a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="ignoreIfNotExists">Whether it is fine that there is none of that name.</param>
    /// <param name="cascade">Whether its tables are dropped with it; otherwise it must be empty.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the database is gone.</returns>
    /// <exception cref="FlussException">
    /// There is none (<see cref="FlussErrorCode.DatabaseNotExist"/>), it has tables (<see cref="FlussErrorCode.DatabaseNotEmpty"/>), or the call failed; where the answer was lost, the
    /// message says so.
    /// </exception>
    public Task DropDatabaseAsync(string database, bool ignoreIfNotExists = false, bool cascade = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(database);
        return ChangeAsync(
            ApiKey.DropDatabase,
            new DropDatabaseRequest { DatabaseName = database, IgnoreIfNotExists = ignoreIfNotExists, Cascade = cascade },
            DropDatabaseResponse.Parser,
            $"database {database}",
            repeatable: ignoreIfNotExists,
            cancellationToken);
    }

    /// <summary>Creates a table, and waits until every bucket of a table without partitions can be written.</summary>
    /// <param name="path">The table; its database must exist.</param>
    /// <param name="table">What the table is. Where the ids of its columns and fields are not given, each a different one, they are numbered in order.</param>
    /// <param name="ignoreIfExists">Whether a table of that name is fine, whatever its columns.</param>
    /// <param name="cancellationToken">Stops waiting; the change may have taken effect.</param>
    /// <returns>A task that ends when the table exists and its buckets have leaders.</returns>
    /// <exception cref="FlussException">
    /// It exists (<see cref="FlussErrorCode.TableAlreadyExist"/>), there is no such database (<see cref="FlussErrorCode.DatabaseNotExist"/>), the server refuses the description
    /// (<see cref="FlussErrorCode.InvalidTable"/>, <see cref="FlussErrorCode.InvalidConfig"/> and others), the buckets got no leaders in time
    /// (<see cref="FlussErrorCode.LeaderNotAvailable"/>; the table exists then), or the call failed; where the answer was lost, the message says so.
    /// </exception>
    public async Task CreateTableAsync(TablePath path, TableDescriptor table, bool ignoreIfExists = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Columns is null or { Count: 0 })
        {
            throw new ArgumentException($"Table {path} has no columns.", nameof(table));
        }

        CreateTableRequest request = new()
        {
            TablePath = Wire(path),
            TableJson = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(TableJson.Write(table with { Columns = ColumnIds.Complete(table.Columns) })),
            IgnoreIfExists = ignoreIfExists,
        };
        await ChangeAsync(ApiKey.CreateTable, request, CreateTableResponse.Parser, $"table {path}", repeatable: ignoreIfExists, cancellationToken).ConfigureAwait(false);
        TableInfo created = await GetTableInfoAsync(path, cancellationToken).ConfigureAwait(false);
        if (created.PartitionKeys.Count == 0)
        {
            await AwaitLeadersAsync(path, null, created.BucketCount, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Drops a table with everything in its log. Its lake table stays.</summary>
    /// <param name="path">The table.</param>
    /// <param name="ignoreIfNotExists">Whether it is fine that there is none of that name.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the table is gone.</returns>
    /// <exception cref="FlussException">
    /// There is none (<see cref="FlussErrorCode.TableNotExist"/>), or the call failed; where the answer was lost, the message says so.
    /// </exception>
    public Task DropTableAsync(TablePath path, bool ignoreIfNotExists = false, CancellationToken cancellationToken = default) => ChangeAsync(
        ApiKey.DropTable,
        new DropTableRequest { TablePath = Wire(path), IgnoreIfNotExists = ignoreIfNotExists },
        DropTableResponse.Parser,
        $"table {path}",
        repeatable: ignoreIfNotExists,
        cancellationToken);
}
