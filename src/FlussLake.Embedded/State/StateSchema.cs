using System.Globalization;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>The tables of the state, and the marks by which a file is known as one.</summary>
internal static class StateSchema
{
    // "FLSK": tells the state from any other SQLite database.
    private const long ApplicationId = 0x464C534B;
    private const long Version = 1;

    private const string Tables = """
        CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE ports(node TEXT PRIMARY KEY, port INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE databases(name TEXT PRIMARY KEY, json BLOB NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE tables(id INTEGER PRIMARY KEY, database TEXT NOT NULL, name TEXT NOT NULL, json BLOB NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
            UNIQUE(database, name)) STRICT;
        CREATE TABLE schemas(table_id INTEGER NOT NULL, schema_id INTEGER NOT NULL, json BLOB NOT NULL, PRIMARY KEY(table_id, schema_id)) STRICT, WITHOUT ROWID;
        CREATE TABLE partitions(id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(table_id, name)) STRICT;
        CREATE TABLE buckets(id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, partition_id INTEGER, bucket INTEGER NOT NULL) STRICT;
        CREATE TABLE batches(id INTEGER PRIMARY KEY, bucket_id INTEGER NOT NULL, base_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, timestamp INTEGER NOT NULL,
            writer_id INTEGER NOT NULL, sequence INTEGER NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(bucket_id, base_offset)) STRICT;
        CREATE TABLE lake_snapshots(position INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, snapshot_id INTEGER NOT NULL, tiered_file TEXT NOT NULL, readable_file TEXT) STRICT;
        """;

    /// <summary>Creates the tables of a new state, or makes sure that a file is a state of this version.</summary>
    /// <exception cref="EmbeddedFlussException">It is not.</exception>
    public static void Prepare(SqliteConnection connection, string? file)
    {
        // Larger pages suit batches; the mode of the log and the size of pages are the file's, the others the connection's.
        Run(connection, "PRAGMA page_size = 16384");
        if (Number(connection, "PRAGMA schema_version") == 0)
        {
            Run(connection, "PRAGMA journal_mode = WAL");
            Run(connection, $"BEGIN; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT;");
        }

        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new EmbeddedFlussException($"{file} is a SQLite database, but not the state of an embedded Fluss. Choose another data directory.");
        }

        long version = Number(connection, "PRAGMA user_version");
        if (version != Version)
        {
            throw new EmbeddedFlussException(
                $"The state {file} has version {version}; this version of FlussLake.Embedded reads version {Version}. Use the version that wrote it, or another data directory.");
        }

        Run(connection, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2048; PRAGMA temp_store = MEMORY;");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
