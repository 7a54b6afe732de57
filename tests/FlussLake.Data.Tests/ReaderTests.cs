using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace FlussLake.Data.Tests;

public sealed class ReaderTests
{
    private const string Endless = "SELECT x FROM range(100000000000) t(x)";

    [Fact]
    public void Rows_come_in_results_one_after_another()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeDataReader reader = connection.Command("SELECT 1; CREATE TABLE t (x INT); SELECT 2 AS a, 3 AS b WHERE false; SELECT 'x' FROM range(3000)").ExecuteReader();
        Assert.True(reader.HasRows);
        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        Assert.Equal(2, reader.FieldCount);
        Assert.False(reader.HasRows);
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        int rows = 0;
        while (reader.Read())
        {
            Assert.Equal("x", reader.GetString(0));
            rows++;
        }

        Assert.Equal(3000, rows);
        Assert.False(reader.NextResult());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Every_row_of_a_large_result_comes_once()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeDataReader reader = connection.Command("SELECT x FROM range(3000000) t(x)").ExecuteReader();
        long rows = 0;
        long sum = 0;
        while (reader.Read())
        {
            rows++;
            sum += reader.GetInt64(0);
        }

        Assert.Equal(3_000_000, rows);
        Assert.Equal(2_999_999L * 3_000_000 / 2, sum);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_amid_the_rows_is_thrown_and_no_end(bool asynchronous)
    {
        // With more threads, one that the error interrupts may be the first to report.
        using FlussLakeConnection connection = TestConnection.Open("threads=1");
        using FlussLakeDataReader reader = connection
            .Command("SELECT CASE WHEN x < 1000000 THEN x ELSE error('boom at ' || x) END FROM range(2000000) t(x)").ExecuteReader();
        long rows = 0;
        Exception error = await Assert.ThrowsAnyAsync<DuckDBException>(async () =>
        {
            while (asynchronous ? await reader.ReadAsync(TestContext.Current.CancellationToken) : reader.Read())
            {
                rows++;
            }
        });

        Assert.Contains("boom at", error.Message, StringComparison.Ordinal);
        Assert.InRange(rows, 1, 1_000_000);

        // Neither is the next call an end of rows.
        Assert.ThrowsAny<InvalidOperationException>(() => reader.Read());
        Assert.ThrowsAny<InvalidOperationException>(() => reader.NextResult());
        reader.Close();
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void An_error_of_DuckDB_stays_one_and_the_connection_works_on()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Assert.Contains("nope", Assert.Throws<DuckDBException>(() => connection.Scalar("SELECT * FROM nope")).Message, StringComparison.Ordinal);
        Assert.Throws<DuckDBException>(() => connection.Run("SELEC 1"));
        Assert.Throws<InvalidOperationException>(() => connection.Run(" -- nothing"));
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void A_second_command_is_refused_while_a_reader_is_open_and_the_reader_stays_whole()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using (FlussLakeDataReader reader = connection.Command("SELECT x FROM range(100000) t(x)").ExecuteReader())
        {
            Assert.True(reader.Read());
            Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT 1"));
            Assert.Throws<InvalidOperationException>(() => connection.Run("CREATE TABLE t (x INT)"));
            Assert.Throws<InvalidOperationException>(() => connection.Command("SELECT 1").ExecuteReader());
            Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
            int rows = 1;
            while (reader.Read())
            {
                Assert.Equal(rows++, reader.GetInt64(0));
            }

            Assert.Equal(100000, rows);
        }

        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void Closing_at_any_row_ends_the_statement_and_its_locks(int rows)
    {
        using TestFolder folder = new();
        using FlussLakeConnection connection = TestConnection.Open("Data Source=" + folder.File("a.db"));
        using FlussLakeConnection other = TestConnection.Open("Data Source=" + folder.File("a.db"));
        connection.Run("CREATE TABLE t AS SELECT x FROM range(1000) t(x)");
        FlussLakeDataReader reader = connection.Command("SELECT a.x FROM t a, t b, t c, t d").ExecuteReader();
        for (int row = 0; row < rows; row++)
        {
            Assert.True(reader.Read());
        }

        other.Run("INSERT INTO t VALUES (1)");
        Stopwatch watch = Stopwatch.StartNew();
        reader.Close();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        // A transaction that were still open would keep the old rows and fail the checkpoint.
        other.Run("FORCE CHECKPOINT");
        other.Run("DELETE FROM t");
        other.Run("CHECKPOINT");
        Assert.Null(connection.Session!.Statement);
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_reader_read_to_its_end_holds_no_locks_although_it_is_open()
    {
        using TestFolder folder = new();
        using FlussLakeConnection connection = TestConnection.Open("Data Source=" + folder.File("a.db"));
        using FlussLakeConnection other = TestConnection.Open("Data Source=" + folder.File("a.db"));
        connection.Run("CREATE TABLE t AS SELECT x FROM range(10000) t(x)");
        using FlussLakeDataReader reader = connection.Command("SELECT x FROM t").ExecuteReader();
        while (reader.Read())
        {
        }

        other.Run("DELETE FROM t");
        other.Run("CHECKPOINT");
    }

    [Fact]
    public void A_closed_reader_refuses_every_use()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        FlussLakeDataReader reader = connection.Command("SELECT 1").ExecuteReader();
        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(0));
        Assert.True(reader.Read());
        reader.Close();
        reader.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<InvalidOperationException>(() => reader.Read());
        Assert.Throws<InvalidOperationException>(() => reader.NextResult());
        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(0));
        Assert.Throws<InvalidOperationException>(() => reader.FieldCount);
        Assert.Throws<InvalidOperationException>(() => reader.GetName(0));
        Assert.Throws<InvalidOperationException>(() => reader.GetOrdinal("x"));
    }

    [Fact]
    public void A_reader_that_nobody_holds_is_ended_by_the_next_command()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Abandon(connection);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(1, connection.Scalar("SELECT 1"));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Abandon(FlussLakeConnection connection) => Assert.True(connection.Command(Endless).ExecuteReader().Read());
    }

    [Fact]
    public void A_reader_that_nobody_holds_is_closed_by_its_finaliser()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Abandon(connection);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return connection.Session!.Statement is null;
            },
            TimeSpan.FromSeconds(30)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Abandon(FlussLakeConnection connection) => Assert.True(connection.Command(Endless).ExecuteReader().Read());
    }

    [Fact]
    public void A_connection_that_nobody_closed_gives_its_file_back()
    {
        using TestFolder folder = new();
        Abandon(folder.File("a.db"));
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                try
                {
                    // Other settings are refused as long as the file is open.
                    using FlussLakeConnection connection = TestConnection.Open($"Data Source={folder.File("a.db")};threads=3");
                    return true;
                }
                catch (ArgumentException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Abandon(string path)
        {
            FlussLakeConnection connection = TestConnection.Open($"Data Source={path};threads=2");
            Assert.True(connection.Command(Endless).ExecuteReader().Read());
        }
    }

    [Fact]
    public void Closing_the_connection_closes_the_reader_and_the_reader_may_close_the_connection()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        FlussLakeDataReader reader = connection.Command(Endless).ExecuteReader();
        connection.Close();
        Assert.True(reader.IsClosed);
        reader.Close();

        connection.Open();
        using (FlussLakeDataReader closing = connection.Command(Endless).ExecuteReader(CommandBehavior.CloseConnection))
        {
            Assert.True(closing.Read());
        }

        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void Single_row_gives_one_row()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeDataReader reader = connection.Command(Endless).ExecuteReader(CommandBehavior.SingleRow);
        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Schema_only_plans_and_runs_nothing()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using (FlussLakeDataReader reader = connection.Command("SELECT error('ran') AS a, @p::INT AS b -- end").WithParameter("p", 1).ExecuteReader(CommandBehavior.SchemaOnly))
        {
            Assert.Equal(2, reader.FieldCount);
            Assert.Equal("b", reader.GetName(1));
            Assert.Equal(typeof(int), reader.GetFieldType(1));
            Assert.False(reader.Read());
            Assert.False(reader.NextResult());
        }

        using (FlussLakeDataReader reader = connection.Command("CREATE TABLE t (x INT)").ExecuteReader(CommandBehavior.SchemaOnly))
        {
            Assert.Equal(0, reader.FieldCount);
        }

        Assert.Throws<DuckDBException>(() => connection.Scalar("SELECT * FROM t"));
    }

    [Fact]
    public void Changes_tell_how_many_rows()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Assert.Equal(0, connection.Run("CREATE TABLE t (x INT)"));
        Assert.Equal(5, connection.Run("INSERT INTO t SELECT * FROM range(5); SELECT 1"));
        Assert.Equal(-1, connection.Run("SELECT * FROM range(10000)"));
        using (FlussLakeDataReader reader = connection.Command("INSERT INTO t VALUES (7), (8)").ExecuteReader())
        {
            Assert.Equal(2, reader.RecordsAffected);
            Assert.Equal(0, reader.FieldCount);
            Assert.False(reader.Read());
            Assert.Null(reader.GetSchemaTable());
        }

        using (FlussLakeDataReader reader = connection.Command("SELECT 1").ExecuteReader())
        {
            Assert.Equal(-1, reader.RecordsAffected);
        }

        Assert.Null(connection.Scalar("DELETE FROM t WHERE x > 6"));
        Assert.Equal(5L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData("INSERT INTO t SELECT x FROM range(10000) t(x) RETURNING x")]
    [InlineData("WITH r AS (SELECT x FROM range(10000) t(x)) INSERT INTO t SELECT x FROM r RETURNING x")]
    [InlineData("PREPARE p AS INSERT INTO t SELECT x FROM range(10000) t(x) RETURNING x; EXECUTE p")]
    public void A_write_that_returns_rows_is_kept_when_only_the_first_row_is_read(string sql)
    {
        using FlussLakeConnection connection = TestConnection.Open();
        connection.Run("CREATE TABLE t (x INT)");
        Assert.NotNull(connection.Scalar(sql));
        Assert.Equal(10000L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Scalars_are_the_first_value_of_the_first_row()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Assert.Equal(DBNull.Value, connection.Scalar("SELECT NULL::INT"));
        Assert.Null(connection.Scalar("SELECT 1 WHERE false"));
        Assert.Equal(7, connection.Scalar("SELECT 7, 8 FROM range(5)"));
        Assert.Equal(1, connection.Scalar("SELECT 1; CREATE TABLE later (x INT)"));
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM later"));
    }

    [Fact]
    public void A_reader_can_be_enumerated()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using DbDataReader reader = ((DbCommand)connection.Command("SELECT x AS a FROM range(5) t(x) ORDER BY x")).ExecuteReader();
        Assert.Equal([0L, 1L, 2L, 3L, 4L], reader.Cast<IDataRecord>().Select(static record => record.GetInt64(0)));
    }

    [Fact]
    public void Streaming_does_not_hold_the_result_in_memory()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        Stopwatch watch = Stopwatch.StartNew();
        using FlussLakeDataReader reader = connection.Command(Endless).ExecuteReader();
        Assert.True(reader.Read());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
