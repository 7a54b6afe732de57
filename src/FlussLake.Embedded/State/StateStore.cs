using FlussLake.Embedded.Log;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>
/// Everything that a server keeps, in one SQLite database: a file in WAL mode, or memory. A commit survives the end of the process, however that ends; after a loss of power the
/// last commits may be missing, but never a part of one.
/// </summary>
internal sealed class StateStore : IDisposable
{
    private readonly object _writeGate = new();
    private readonly object _readGate;
    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly SqliteCommand _readBatch;
    private readonly SqliteCommand _insertBatch;
    private SqliteTransaction? _transaction;

    private StateStore(SqliteConnection writing, SqliteConnection? reading)
    {
        // A database in memory belongs to its connection: there readers and the writer take turns.
        _writing = writing;
        _reading = reading ?? writing;
        _readGate = reading is null ? _writeGate : new object();
        _readBatch = _reading.CreateCommand();
        _readBatch.CommandText = "SELECT bytes FROM batches WHERE id = $id";
        _readBatch.Parameters.Add("$id", SqliteType.Integer);
        _readBatch.Prepare();
        _insertBatch = _writing.CreateCommand();
        _insertBatch.CommandText = """
            INSERT INTO batches(bucket_id, base_offset, next_offset, timestamp, size, writer_id, sequence, bytes)
            VALUES($bucket, $base, $next, $time, $size, $writer, $sequence, $bytes) RETURNING id
            """;
        foreach (string name in (ReadOnlySpan<string>)["$bucket", "$base", "$next", "$time", "$size", "$writer", "$sequence"])
        {
            _insertBatch.Parameters.Add(name, SqliteType.Integer);
        }

        _insertBatch.Parameters.Add("$bytes", SqliteType.Blob);
        _insertBatch.Prepare();
    }

    /// <summary>Opens the state, or begins one.</summary>
    /// <param name="file">The database's file, or null for memory.</param>
    /// <exception cref="EmbeddedFlussException">The file is no state, is damaged or was written by a newer version.</exception>
    public static StateStore Open(string? file)
    {
        SqliteConnection? writing = null;
        SqliteConnection? reading = null;
        try
        {
            writing = Connect(file);
            StateSchema.Prepare(writing, file);
            if (file is not null)
            {
                reading = Connect(file);
            }

            return new StateStore(writing, reading);
        }
        catch (Exception exception)
        {
            reading?.Dispose();
            writing?.Dispose();
            throw exception is SqliteException sqlite ? Damaged(file, sqlite) : exception;
        }
    }

    public static EmbeddedFlussException Damaged(string? file, Exception cause) =>
        new($"The state {file ?? "in memory"} cannot be read: {cause.Message} Restore it from a copy, or start with another data directory.", cause);

    /// <summary>Runs changes in one transaction.</summary>
    public void Write(Action<SqliteConnection> changes)
    {
        lock (_writeGate)
        {
            using SqliteTransaction transaction = _writing.BeginTransaction(deferred: false);
            _transaction = transaction;
            try
            {
                changes(_writing);
                transaction.Commit();
            }
            finally
            {
                _transaction = null;
            }
        }
    }

    /// <summary>Stores one batch; only inside of <see cref="Write"/>.</summary>
    /// <returns>The id of its row.</returns>
    public long InsertBatch(long bucketId, BatchEntry batch, byte[] bytes)
    {
        _insertBatch.Transaction = _transaction;
        SqliteParameterCollection values = _insertBatch.Parameters;
        values[0].Value = bucketId;
        values[1].Value = batch.BaseOffset;
        values[2].Value = batch.NextOffset;
        values[3].Value = batch.Timestamp;
        values[4].Value = batch.Size;
        values[5].Value = batch.WriterId;
        values[6].Value = batch.Sequence;
        values[7].Value = bytes;
        return (long)_insertBatch.ExecuteScalar()!;
    }

    public T Read<T>(Func<SqliteConnection, T> query)
    {
        lock (_readGate)
        {
            return query(_reading);
        }
    }

    /// <summary>The bytes of one stored batch, or null where its table was dropped.</summary>
    public byte[]? ReadBatch(long id)
    {
        lock (_readGate)
        {
            _readBatch.Parameters[0].Value = id;
            return (byte[]?)_readBatch.ExecuteScalar();
        }
    }

    public void Dispose()
    {
        lock (_writeGate)
        {
            lock (_readGate)
            {
                _readBatch.Dispose();
                _insertBatch.Dispose();
                _reading.Dispose();
                _writing.Dispose();
            }
        }
    }

    private static SqliteConnection Connect(string? file)
    {
        SqliteConnectionStringBuilder settings = new() { DataSource = file ?? ":memory:", Pooling = false, DefaultTimeout = 30 };
        SqliteConnection connection = new(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
