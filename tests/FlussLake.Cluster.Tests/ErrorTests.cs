using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Dapper;
using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>Mistakes and missing things end a statement with an error that names them, and the connection goes on.</summary>
public sealed class ErrorTests(MainCluster main) : ClusterTest(main)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_port_where_nothing_listens_is_named_within_the_timeout()
    {
        string server = $"127.0.0.1:{FreePorts.Unused()}";
        DbException failure = Deadline.Throws<DbException>(s_limit, () => Read($"Bootstrap Servers={server};Database=shop;Command Timeout=5", "orders"));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.True(failure.IsTransient);
        Assert.Contains(server, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_accepts_and_says_nothing_is_named_within_the_timeout()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        string server = silent.LocalEndpoint.ToString()!;
        DbException failure = Deadline.Throws<DbException>(s_limit, () => Read($"Bootstrap Servers={server};Database=shop;Command Timeout=3", "orders"));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains(server, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_speaks_another_protocol_is_named_within_the_timeout()
    {
        // ZooKeeper closes the connection on what it does not understand.
        string server = $"127.0.0.1:{Cluster.Port + 20_000}";
        DbException failure = Deadline.Throws<DbException>(s_limit, () => Read($"Bootstrap Servers={server};Database=shop;Command Timeout=5", "orders"));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains(server, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_dead_bootstrap_server_of_two_does_no_harm()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = OpenAt($"Bootstrap Servers=127.0.0.1:{FreePorts.Unused()},{Cluster.Servers};Database=shop");
        Assert.Equal(150L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
    }

    [Theory]
    [InlineData("nowhere.orders")]
    [InlineData("shop.nothing")]
    public void An_unknown_table_is_named(string table)
    {
        using DbConnection connection = Open();
        DbException failure = Assert.ThrowsAny<DbException>(() => connection.ReadTexts($"SELECT * FROM fluss_read('{table}')"));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains(table, failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
        Assert.Contains(Provider.ServerErrorCode(failure), new int?[] { (int)FlussErrorCode.TableNotExist, (int)FlussErrorCode.DatabaseNotExist });
        Assert.Equal(["Int32:1"], connection.ReadTexts("SELECT 1"));
    }

    [Fact]
    public void An_unknown_column_is_DuckDB_s_error()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        DuckDBException failure = Assert.ThrowsAny<DuckDBException>(() => connection.ReadTexts($"SELECT missing FROM fluss_read('{table.Name}')"));
        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
        AssertSameAsDump(connection, table);
    }

    [Theory]
    [InlineData("fluss_read('')")]
    [InlineData("fluss_read(NULL)")]
    [InlineData("fluss_read('a', 'b', 'c')")]
    [InlineData("fluss_read('shop.', 'orders')")]
    public void Arguments_that_name_no_table_are_refused(string call)
    {
        using DbConnection connection = Open("Command Timeout=5");
        Deadline.Throws<DbException>(s_limit, () => connection.ReadTexts($"SELECT * FROM {call}"));
        Assert.Equal(["Int32:1"], connection.ReadTexts("SELECT 1"));
    }

    [Fact]
    public void An_unknown_key_of_the_connection_string_is_named()
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => OpenAt(ConnectionString("Bootstrp=x")).Dispose());
        Assert.Contains("Bootstrp", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_lake_without_the_registered_snapshot_is_an_error_that_names_table_and_snapshot()
    {
        LabTable table = CreateHalfTiered();
        long snapshot = Lab.LakeSnapshot(table).Snapshot;
        Directory.Delete(Path.Combine(table.LakeFolder(Cluster), "snapshot"), recursive: true);
        AssertLakeError(table, $"{snapshot}");
    }

    [Fact]
    public void A_missing_lake_file_is_an_error_that_names_it()
    {
        LabTable table = CreateHalfTiered();
        string file = Assert.Single(Directory.GetFiles(table.LakeFolder(Cluster), "*.parquet", SearchOption.AllDirectories));
        File.Delete(file);
        using DbConnection connection = Open();
        DbException failure = Assert.ThrowsAny<DbException>(() => connection.ReadTable(table));
        Assert.Contains(Path.GetFileName(file), failure.Message, StringComparison.Ordinal);
        Assert.Equal(50, connection.ReadTable(table, "$log").Count);
    }

    [Fact]
    public void A_snapshot_that_the_lake_expired_is_an_error_never_a_gap()
    {
        LabTable table = Create(LabTable.Unique("expired") with { BucketKey = ["id"] });
        Lab.Generate(table, 50);
        Lab.Tier(table);
        long registered = Lab.LakeSnapshot(table).Snapshot;
        Lab.Generate(table, 50, from: 50);
        Lab.Tier(table, register: false);
        Assert.True(Lab.Expire(table) > registered);
        AssertLakeError(table, $"{registered}");
    }

    [Fact]
    public void A_warehouse_that_is_not_there_is_named_with_the_key_that_replaces_it()
    {
        LabTable table = CreateHalfTiered();
        string nowhere = Path.Combine(Path.GetTempPath(), "no-such-warehouse");
        using DbConnection connection = Open($"Lake Warehouse={nowhere}");
        DbException failure = Assert.ThrowsAny<DbException>(() => connection.ReadTable(table));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains(nowhere, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Lake Warehouse", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["Int32:1"], connection.ReadTexts("SELECT 1"));
    }

    [Fact]
    public void A_warehouse_under_another_path_is_read_there()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        string other = Directory.CreateTempSubdirectory("flusslake other warehouse ").FullName;
        try
        {
            string original = table.LakeFolder(Cluster);
            Copy(original, Path.Combine(other, Path.GetRelativePath(Cluster.Warehouse, original)));
            Directory.Delete(original, recursive: true);
            using DbConnection connection = Open($"Lake Warehouse={other}");
            RowSet.AssertEqual(Dump(table), connection.ReadTable(table));
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    private static void Read(string connectionString, string table)
    {
        using DbConnection connection = OpenAt(connectionString);
        connection.ReadTexts($"SELECT * FROM fluss_read('{table}')");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private void AssertLakeError(LabTable table, string named)
    {
        using DbConnection connection = Open();
        DbException failure = Assert.ThrowsAny<DbException>(() => connection.ReadTable(table));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains(table.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["Int32:1"], connection.ReadTexts("SELECT 1"));
    }
}
