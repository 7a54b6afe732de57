using System.Data;
using DuckDB.NET.Data;

namespace FlussLake.Data.Tests;

public sealed class InstanceTests
{
    [Fact]
    public void Local_tables_of_connections_without_a_data_source_are_private()
    {
        using FlussLakeConnection first = TestConnection.Open();
        using FlussLakeConnection second = TestConnection.Open();
        first.Run("CREATE TABLE t AS SELECT 1 AS x");
        second.Run("CREATE TABLE t AS SELECT 2 AS x");

        Assert.Equal(1, first.Scalar("SELECT x FROM t"));
        Assert.Equal(2, second.Scalar("SELECT x FROM t"));
    }

    [Fact]
    public void Connections_without_a_data_source_share_an_instance()
    {
        using FlussLakeConnection first = TestConnection.Open("threads=2");
        using FlussLakeConnection second = TestConnection.Open("threads=2");
        using FlussLakeConnection other = TestConnection.Open("threads=3");

        Assert.Equal(first.Scalar("SELECT count(*) FROM duckdb_databases()"), second.Scalar("SELECT count(*) FROM duckdb_databases()"));
        first.Run("SET GLOBAL default_null_order = 'nulls_first'");
        Assert.Equal("NULLS_FIRST", second.Scalar("SELECT current_setting('default_null_order')"));
        Assert.NotEqual("NULLS_FIRST", other.Scalar("SELECT current_setting('default_null_order')"));
    }

    [Fact]
    public void Different_servers_have_different_instances()
    {
        using FlussLakeConnection first = TestConnection.Open("Bootstrap Servers=a:1;threads=2");
        using FlussLakeConnection second = TestConnection.Open("Bootstrap Servers=b:1;threads=2");
        first.Run("SET GLOBAL default_null_order = 'nulls_first'");

        Assert.NotEqual("NULLS_FIRST", second.Scalar("SELECT current_setting('default_null_order')"));
    }

    [Fact]
    public void Closing_drops_the_private_catalog()
    {
        using FlussLakeConnection watcher = TestConnection.Open("threads=2;Bootstrap Servers=drop:1");
        object? before = watcher.Scalar("SELECT count(*) FROM duckdb_databases()");
        for (int round = 0; round < 20; round++)
        {
            using FlussLakeConnection connection = TestConnection.Open("threads=2;Bootstrap Servers=drop:1");
            connection.Run("CREATE TABLE t AS SELECT * FROM range(10)");
        }

        Assert.Equal(before, watcher.Scalar("SELECT count(*) FROM duckdb_databases()"));
    }

    [Fact]
    public void A_catalog_goes_although_its_connection_has_an_aborted_transaction_and_an_open_reader()
    {
        using FlussLakeConnection watcher = TestConnection.Open("Bootstrap Servers=abort:1");
        object? before = watcher.Scalar("SELECT count(*) FROM duckdb_databases()");
        FlussLakeConnection connection = TestConnection.Open("Bootstrap Servers=abort:1");
        connection.Run("CREATE TABLE t (x INT PRIMARY KEY)");
        connection.BeginTransaction();
        connection.Run("INSERT INTO t VALUES (1)");
        Assert.Throws<DuckDBException>(() => connection.Run("INSERT INTO t VALUES (1)"));
        connection.Close();
        connection.Open();
        FlussLakeDataReader reader = connection.Command("FROM range(1000000)").ExecuteReader();
        Assert.True(reader.Read());
        connection.Close();

        Assert.True(reader.IsClosed);
        Assert.Equal(before, watcher.Scalar("SELECT count(*) FROM duckdb_databases()"));
    }

    [Fact]
    public void A_memory_database_belongs_to_its_connection()
    {
        using FlussLakeConnection first = TestConnection.Open("Data Source=:memory:");
        using FlussLakeConnection second = TestConnection.Open("Data Source=:memory:");
        first.Run("CREATE TABLE t AS SELECT 1 AS x");

        Assert.Throws<DuckDBException>(() => second.Scalar("SELECT x FROM t"));
    }

    [Fact]
    public void A_file_is_one_database_by_any_path()
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("real"));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("real"));
        using FlussLakeConnection first = TestConnection.Open("Data Source=" + folder.File("real/a.db"));
        first.Run("CREATE TABLE t AS SELECT 1 AS x");
        File.CreateSymbolicLink(folder.File("alias.db"), folder.File("link/a.db"));

        using FlussLakeConnection second = TestConnection.Open("Data Source=" + folder.File("link/../link/a.db"));
        using FlussLakeConnection third = TestConnection.Open("Data Source=" + folder.File("alias.db"));
        Assert.Equal(1, second.Scalar("SELECT x FROM t"));
        Assert.Equal(1, third.Scalar("SELECT x FROM t"));
    }

    [Fact]
    public void Other_settings_for_an_open_file_are_an_error_that_names_the_setting()
    {
        using TestFolder folder = new();
        string source = "Data Source=" + folder.File("a.db");
        using (TestConnection.Open(source + ";threads=2"))
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => TestConnection.Open(source + ";threads=3"));
            Assert.Contains("threads=3", error.Message, StringComparison.Ordinal);
            Assert.Contains("threads=2", error.Message, StringComparison.Ordinal);
            Assert.Contains("memory_limit", Assert.Throws<ArgumentException>(() => TestConnection.Open(source + ";threads=2;memory_limit=1GB")).Message, StringComparison.Ordinal);
            using FlussLakeConnection same = TestConnection.Open(source + ";threads=2");
        }

        // The file closed with its last connection, so other settings are fine now.
        using FlussLakeConnection reopened = TestConnection.Open(source + ";threads=3");
        Assert.Equal(3L, reopened.Scalar("SELECT current_setting('threads')::BIGINT"));
    }

    [Fact]
    public void A_path_that_differs_only_in_case_is_refused_where_it_is_another_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The file system ignores case.");
        using TestFolder folder = new();
        using FlussLakeConnection first = TestConnection.Open("Data Source=" + folder.File("a.db"));

        ArgumentException error = Assert.Throws<ArgumentException>(() => TestConnection.Open("Data Source=" + folder.File("A.db")));
        Assert.Contains("A.db", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("A.db")));
    }

    [Fact]
    public void Two_connections_with_different_servers_work_on_one_file()
    {
        using TestFolder folder = new();
        using FlussLakeConnection first = TestConnection.Open($"Data Source={folder.File("a.db")};Bootstrap Servers=a:1");
        using FlussLakeConnection second = TestConnection.Open($"Data Source={folder.File("a.db")};Bootstrap Servers=b:1");
        first.Run("CREATE TABLE t AS SELECT 1 AS x");

        Assert.Equal(1, second.Scalar("SELECT x FROM t"));
        Assert.Equal(["a:1"], first.Session!.Settings.BootstrapServers);
        Assert.Equal(["b:1"], second.Session!.Settings.BootstrapServers);
        Assert.NotEqual(first.Session.Key, second.Session.Key);
    }

    [Fact]
    public void A_read_only_file_can_be_queried_and_not_written()
    {
        using TestFolder folder = new();
        using (FlussLakeConnection writer = TestConnection.Open("Data Source=" + folder.File("a.db")))
        {
            writer.Run("CREATE TABLE t AS SELECT 1 AS x");
        }

        using FlussLakeConnection reader = TestConnection.Open($"Data Source={folder.File("a.db")};access_mode=READ_ONLY");
        Assert.Equal(1, reader.Scalar("SELECT x FROM t"));
        Assert.Throws<DuckDBException>(() => reader.Run("INSERT INTO t VALUES (2)"));
    }

    [Fact]
    public void A_failed_open_leaves_nothing_behind()
    {
        using TestFolder folder = new();
        File.WriteAllText(folder.File("bad.db"), "this is no database, but long enough to be read as one: " + new string('x', 5000));
        using FlussLakeConnection connection = new("Data Source=" + folder.File("bad.db"));
        List<ConnectionState> states = [];
        connection.StateChange += (_, change) => states.Add(change.CurrentState);

        Assert.Throws<DuckDBException>(connection.Open);
        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Null(connection.Session);
        Assert.Empty(states);
        File.Delete(folder.File("bad.db"));
        connection.Open();
        Assert.Equal([ConnectionState.Open], states);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void State_changes_are_told_when_the_connection_is_ready()
    {
        using FlussLakeConnection connection = new();
        List<object?> seen = [];
        connection.StateChange += (sender, change) => seen.Add(
            change.CurrentState == ConnectionState.Open ? ((FlussLakeConnection)sender).Scalar("SELECT 42") : change.CurrentState);

        connection.Open();
        connection.Close();
        connection.Close();
        Assert.Equal([42, ConnectionState.Closed], seen);
        Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void Opening_twice_is_refused()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Assert.Throws<InvalidOperationException>(connection.Open);
        Assert.Equal(ConnectionState.Open, connection.State);
    }

    [Fact]
    public void Sixty_four_threads_open_at_once()
    {
        using Barrier barrier = new(64);
        List<Exception> errors = [];
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(number => new Thread(() =>
        {
            try
            {
                barrier.SignalAndWait();
                using FlussLakeConnection connection = TestConnection.Open("Bootstrap Servers=many:1");
                connection.Run($"CREATE TABLE t AS SELECT {number} AS x");
                Assert.Equal(number, connection.Scalar("SELECT x FROM t"));
            }
            catch (Exception exception)
            {
                lock (errors)
                {
                    errors.Add(exception);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Empty(errors);
    }

    [Fact]
    public void A_shared_instance_comes_back_for_the_same_connection_object_after_it_closed()
    {
        using FlussLakeConnection connection = new("Connection Idle Lifetime=0;Bootstrap Servers=again:1");
        for (int round = 0; round < 3; round++)
        {
            connection.Open();
            Assert.Equal(round, connection.Scalar($"SELECT {round}"));
            connection.Close();
        }
    }

    [Fact]
    public void Defaults_are_the_temp_folder_and_no_insertion_order()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Assert.StartsWith(Path.GetTempPath(), (string)connection.Scalar("SELECT current_setting('temp_directory')")!, StringComparison.Ordinal);
        Assert.Equal(false, connection.Scalar("SELECT current_setting('preserve_insertion_order')"));
        using FlussLakeConnection ordered = TestConnection.Open("preserve_insertion_order=true");
        Assert.Equal(true, ordered.Scalar("SELECT current_setting('preserve_insertion_order')"));
    }

    [Fact]
    public void A_shared_instance_has_no_file_with_a_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "An open file keeps its name there.");
        using FlussLakeConnection connection = TestConnection.Open("Bootstrap Servers=nameless:1");
        connection.Run("CREATE TABLE t AS SELECT * FROM range(100000)");

        string path = (string)connection.Scalar("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL AND path LIKE '%.duckdb'")!;
        Assert.False(File.Exists(path));
        Assert.False(File.Exists(path + ".wal"));
    }

    [Fact]
    public void Instances_never_share_a_folder_for_spilled_data()
    {
        using FlussLakeConnection first = TestConnection.Open("Bootstrap Servers=spill:1");
        using FlussLakeConnection second = TestConnection.Open("Bootstrap Servers=spill:2");
        using FlussLakeConnection memory = TestConnection.Open("Data Source=:memory:");

        string[] folders = [.. new[] { first, second, memory }.Select(static connection => (string)connection.Scalar("SELECT current_setting('temp_directory')")!)];
        Assert.Equal(3, folders.Distinct().Count());
    }

    [Fact]
    public void A_shared_instance_closes_when_it_was_idle_for_its_lifetime()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at /proc.");
        string path;
        using (FlussLakeConnection connection = TestConnection.Open("Bootstrap Servers=idle:1;Connection Idle Lifetime=1"))
        {
            path = (string)connection.Scalar("SELECT path FROM duckdb_databases() WHERE path LIKE '%.duckdb'")!;
            Assert.True(IsOpen());
        }

        Assert.True(IsOpen());
        Assert.True(SpinWait.SpinUntil(() => !IsOpen(), TimeSpan.FromSeconds(30)));

        bool IsOpen() => Directory.GetFiles("/proc/self/fd").Any(handle => new FileInfo(handle).LinkTarget?.StartsWith(path, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void The_schema_shows_only_this_connection()
    {
        using FlussLakeConnection first = TestConnection.Open();
        using FlussLakeConnection second = TestConnection.Open();
        first.Run("CREATE TABLE mine (a INT, b VARCHAR)");
        second.Run("CREATE TABLE other (a INT)");

        DataTable tables = first.GetSchema("Tables");
        Assert.Equal(["mine"], tables.Rows.Cast<DataRow>().Select(static row => (string)row["table_name"]));
        Assert.Equal(2, first.GetSchema("columns", [null, null, "mine"]).Rows.Count);
        Assert.Contains(first.GetSchema().Rows.Cast<DataRow>(), static row => (string)row["CollectionName"] == "Tables");
        Assert.Contains("Nope", Assert.Throws<ArgumentException>(() => first.GetSchema("Nope")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_is_that_of_Fluss_and_can_be_changed_until_close()
    {
        using FlussLakeConnection connection = TestConnection.Open("Database=shop;Bootstrap Servers=a:1,b:2");
        Assert.Equal("shop", connection.Database);
        Assert.Equal("a:1,b:2", connection.DataSource);
        connection.ChangeDatabase("stock");
        Assert.Equal("stock", connection.Database);
        Assert.Equal("stock", connection.Session!.Database);
        connection.Close();
        Assert.Equal("shop", connection.Database);
        Assert.Throws<InvalidOperationException>(() => connection.ChangeDatabase("x"));
    }

    [Fact]
    public void Members_that_go_past_the_provider_are_refused()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeCommand command = connection.Command("SELECT 1");
        Assert.Throws<NotSupportedException>(() => connection.Duplicate());
        Assert.Throws<NotSupportedException>(() => command.ExecuteArrowStream());
        Assert.Throws<NotSupportedException>(() => command.ExecuteArrowBatchesAsync(TestContext.Current.CancellationToken));
    }
}
