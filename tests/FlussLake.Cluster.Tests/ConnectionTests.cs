using System.Data.Common;
using Dapper;
using DuckDB.NET.Data;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>Several connections side by side: each reads its own servers and database, whatever they share inside.</summary>
public sealed class ConnectionTests(MainCluster main, LiveCluster other) : ClusterTest(main)
{
    [Fact]
    public void Two_connections_on_one_file_each_read_their_own_database()
    {
        LabTable first = Create(new LabTable("first", "things"));
        LabTable second = Create(new LabTable("second", "things"));
        Lab.Generate(first, 10);
        Lab.Generate(second, 20);
        using TempFile file = new();
        using DbConnection one = OpenAt($"Bootstrap Servers={Cluster.Servers};Database=first;Data Source={file.Path}");
        using DbConnection two = OpenAt($"Bootstrap Servers={Cluster.Servers};Database=second;Data Source={file.Path}");
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(10L, one.ExecuteScalar<long>("SELECT count(*) FROM fluss_read('things')"));
            Assert.Equal(20L, two.ExecuteScalar<long>("SELECT count(*) FROM fluss_read('things')"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_connections_each_read_their_own_servers(bool oneFile)
    {
        LabTable table = Create(LabTable.Unique("servers"));
        other.Cluster.Lab.CreateTable(table);
        Lab.Generate(table, 10);
        other.Cluster.Lab.Generate(table, 20);
        using TempFile file = new();
        string source = oneFile ? $";Data Source={file.Path}" : "";
        using DbConnection one = OpenAt($"Bootstrap Servers={Cluster.Servers};Database=shop{source}");
        using DbConnection two = OpenAt($"Bootstrap Servers={other.Cluster.Servers};Database=shop{source}");
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(10L, one.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
            Assert.Equal(20L, two.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
        }

        Assert.Equal(30L, one.ExecuteScalar<long>($"SELECT (SELECT count(*) FROM fluss_read('{table.Name}')) + (SELECT count(*) FROM fluss_read('{other.Cluster.Servers}', 'shop', '{table.Name}'))"));
    }

    [Fact]
    public void Other_servers_are_refused_where_the_connection_string_says_so()
    {
        using DbConnection connection = Open("Allow Other Servers=false");
        DbException refusal = Assert.ThrowsAny<DbException>(() => connection.ReadTexts("SELECT * FROM fluss_read('127.0.0.1:1', 'shop', 'orders')"));
        Assert.Contains("Allow Other Servers", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sixty_four_threads_open_and_query_at_once(bool file)
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        using TempFile source = new();
        string connectionString = ConnectionString(file ? $"Data Source={source.Path}" : "");
        List<Exception> failures = OwnThreads.Run(64, _ =>
        {
            using DbConnection connection = OpenAt(connectionString);
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal((150L, 149L), connection.QuerySingle<(long, long)>($"SELECT count(*), max(id) FROM fluss_read('{table.Name}')"));
            }
        });
        Assert.Empty(failures);
    }

    [Fact]
    public void Statements_of_several_connections_run_at_the_same_time()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        DbConnection[] connections = [.. Enumerable.Range(0, 8).Select(_ => Open())];
        try
        {
            // All readers are open before the first is read to its end.
            DbDataReader[] readers = [.. connections.Select(connection => connection.OpenReader($"SELECT id FROM fluss_read('{table.Name}')"))];
            int[] rows = new int[readers.Length];
            for (bool more = true; more;)
            {
                more = false;
                for (int i = 0; i < readers.Length; i++)
                {
                    if (readers[i].Read())
                    {
                        rows[i]++;
                        more = true;
                    }
                }
            }

            Assert.All(rows, count => Assert.Equal(150, count));
        }
        finally
        {
            foreach (DbConnection connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    [Fact]
    public void Local_tables_of_connections_without_a_file_are_private()
    {
        using DbConnection one = Open();
        using DbConnection two = Open();
        one.Execute("CREATE TABLE mine AS SELECT 1 AS x");
        two.Execute("CREATE TABLE mine AS SELECT 2 AS x");
        Assert.Equal(1, one.ExecuteScalar<int>("SELECT x FROM mine"));
        Assert.Equal(2, two.ExecuteScalar<int>("SELECT x FROM mine"));
    }

    [Fact]
    public void A_read_only_file_can_read_tables()
    {
        LabTable table = CreateHalfTiered();
        using TempFile file = new();
        using (DuckDBConnection plain = new($"Data Source={file.Path}"))
        {
            plain.Open();
            plain.Execute("CREATE TABLE local AS SELECT 99 AS id");
        }

        using DbConnection connection = Open($"Data Source={file.Path};access_mode=READ_ONLY");
        Assert.Equal(1L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}') JOIN local USING (id)"));
        Assert.ThrowsAny<DbException>(() => connection.Execute("CREATE TABLE refused(x INT)"));
    }

    [Fact]
    public void A_file_with_stored_views_is_an_ordinary_database_file()
    {
        LabTable table = CreateHalfTiered();
        using TempFile file = new();
        using (DbConnection connection = Open($"Data Source={file.Path}"))
        {
            connection.Execute($"CREATE VIEW orders AS SELECT * FROM fluss_read('{table.Path}')");
            connection.Execute("CREATE VIEW high AS SELECT id FROM orders WHERE id >= 90");
            connection.Execute("CREATE TABLE local AS SELECT id FROM high");
            Assert.Equal(60L, connection.ExecuteScalar<long>("SELECT count(*) FROM high"));
        }

        using (DuckDBConnection plain = new($"Data Source={file.Path}"))
        {
            plain.Open();
            Assert.Equal(["high", "orders"], plain.Query<string>("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"));
            Assert.Equal(["local"], plain.Query<string>("SELECT table_name FROM duckdb_tables()"));
            Assert.Empty(plain.Query<string>("SELECT function_name FROM duckdb_functions() WHERE NOT internal"));
            Assert.Empty(plain.Query<string>("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal AND schema_name <> 'main'"));
            Assert.Empty(plain.Query<string>("SELECT sequence_name FROM duckdb_sequences()"));
            Assert.Equal(60L, plain.ExecuteScalar<long>("SELECT count(*) FROM local"));
        }

        Lab.Generate(table, 5, from: 150);
        using DbConnection again = Open($"Data Source={file.Path}");
        Assert.Equal(65L, again.ExecuteScalar<long>("SELECT count(*) FROM high"));
    }

    [Fact]
    public void A_second_command_while_a_reader_is_open_is_refused_and_leaves_the_reader_whole()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        using DbDataReader reader = connection.OpenReader($"SELECT id FROM fluss_read('{table.Name}')");
        Assert.True(reader.Read());
        Assert.Throws<InvalidOperationException>(() => connection.ExecuteScalar("SELECT 1"));
        int rows = 1;
        while (reader.Read())
        {
            rows++;
        }

        Assert.Equal(150, rows);
    }
}
