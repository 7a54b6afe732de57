using System.Data;
using System.Data.Common;
using DuckDB.NET.Data;

namespace FlussLake.Data.Tests;

public sealed class TransactionTests
{
    [Fact]
    public void Commit_keeps_and_rollback_discards()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        connection.Run("CREATE TABLE t (x INT)");
        using (FlussLakeTransaction transaction = connection.BeginTransaction())
        {
            connection.Run("INSERT INTO t VALUES (1)");
            transaction.Commit();
        }

        using (connection.BeginTransaction())
        {
            connection.Run("INSERT INTO t VALUES (2)");
        }

        Assert.Equal(1L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task The_asynchronous_forms_do_the_same()
    {
        await using FlussLakeConnection connection = new();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        connection.Run("CREATE TABLE t (x INT)");
        await using DbTransaction transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        connection.Run("INSERT INTO t VALUES (1)");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_second_transaction_is_refused()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeTransaction transaction = connection.BeginTransaction();
        Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
        Assert.Throws<ArgumentException>(() => TestConnection.Open().BeginTransaction(IsolationLevel.Serializable));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transaction_left_open_at_close_is_rolled_back_and_the_next_one_begins(bool asBase)
    {
        using TestFolder folder = new();
        using FlussLakeConnection keeper = TestConnection.Open("Data Source=" + folder.File("a.db"));
        keeper.Run("CREATE TABLE t (x INT)");
        using FlussLakeConnection connection = TestConnection.Open("Data Source=" + folder.File("a.db"));
        _ = asBase ? ((DuckDBConnection)connection).BeginTransaction() : connection.BeginTransaction();
        connection.Run("INSERT INTO t VALUES (1)");
        connection.Close();
        connection.Open();

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
        using FlussLakeTransaction next = connection.BeginTransaction();
        connection.Run("INSERT INTO t VALUES (1)");
        next.Commit();
        Assert.Equal(1L, keeper.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_commit_that_fails_ends_the_transaction()
    {
        using TestFolder folder = new();
        using FlussLakeConnection first = TestConnection.Open("Data Source=" + folder.File("a.db"));
        using FlussLakeConnection second = TestConnection.Open("Data Source=" + folder.File("a.db"));
        first.Run("CREATE TABLE t (x INT PRIMARY KEY)");
        using FlussLakeTransaction one = first.BeginTransaction();
        using FlussLakeTransaction two = second.BeginTransaction();
        first.Run("INSERT INTO t VALUES (1)");
        second.Run("INSERT INTO t VALUES (1)");
        one.Commit();
        Assert.Throws<DuckDBException>(two.Commit);

        using FlussLakeTransaction again = second.BeginTransaction();
        again.Rollback();
    }

    [Fact]
    public void A_reader_closed_early_leaves_the_transaction_whole()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        connection.Run("CREATE TABLE t (x INT)");
        using FlussLakeTransaction transaction = connection.BeginTransaction();
        connection.Run("INSERT INTO t VALUES (1)");
        using (FlussLakeDataReader reader = connection.Command("FROM range(10000000)").ExecuteReader())
        {
            Assert.True(reader.Read());
        }

        connection.Run("INSERT INTO t VALUES (2)");
        transaction.Commit();
        Assert.Equal(2L, connection.Scalar("SELECT count(*) FROM t"));
    }
}
