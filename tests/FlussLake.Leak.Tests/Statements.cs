using System.Data.Common;
using FlussLake.Data;

namespace FlussLake.Leak.Tests;

/// <summary>Statements of every kind and end.</summary>
internal static class Statements
{
    private const string All = "fluss_read('orders')";

    private static readonly Action<FlussLakeConnection>[] s_kinds =
    [
        static connection => Assert.Equal(LoadedShop.Rows, Scalar(connection, $"SELECT count(*) FROM {All}")),
        static connection => Assert.Equal(LoadedShop.Rows * (LoadedShop.Rows - 1) / 2, Convert.ToInt64(Scalar(connection, $"SELECT sum(id)::BIGINT FROM {All}"), null)),
        static connection => Assert.Equal(LoadedShop.Rows / 2, Scalar(connection, "SELECT count(note) FROM fluss_read('orders$log')")),
        static connection => Assert.ThrowsAny<DbException>(() => Scalar(connection, $"SELECT missing FROM {All}")),
        static connection => Assert.Throws<FlussLakeException>(() => Scalar(connection, "SELECT * FROM fluss_read('nothing')")),
        static connection => Assert.ThrowsAny<DbException>(() => Scalar(connection, $"SELECT error('stop ' || note) FROM {All} WHERE id = 300")),
        Abandon,
        RollBack,
        Copy,
        static connection => Scalar(connection, $"EXPLAIN SELECT * FROM {All}"),
    ];

    public static void Run(FlussLakeConnection connection, int number) => s_kinds[number % s_kinds.Length](connection);

    /// <summary>Runs a statement that is cancelled after some time: it ends with all rows or as cancelled.</summary>
    public static async Task CancelAsync(FlussLakeConnection connection, TimeSpan after)
    {
        using CancellationTokenSource source = new(after);
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT id, note FROM {All}";
        try
        {
            using DbDataReader reader = await command.ExecuteReaderAsync(source.Token);
            int rows = 0;
            while (await reader.ReadAsync(source.Token))
            {
                rows++;
            }

            Assert.Equal(LoadedShop.Rows, rows);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            // As it was told.
        }
    }

    public static object? Scalar(FlussLakeConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Abandon(FlussLakeConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT id, note FROM {All}";
        using DbDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
    }

    private static void RollBack(FlussLakeConnection connection)
    {
        using DbTransaction transaction = connection.BeginTransaction();
        Scalar(connection, $"CREATE TABLE undone AS SELECT * FROM {All}");
        Assert.Equal(LoadedShop.Rows, Scalar(connection, "SELECT count(*) FROM undone"));
        transaction.Rollback();
    }

    private static void Copy(FlussLakeConnection connection)
    {
        Scalar(connection, $"CREATE OR REPLACE TABLE copy AS SELECT * FROM {All}");
        Assert.Equal(LoadedShop.Rows, Scalar(connection, "SELECT count(*) FROM copy"));
        Scalar(connection, "DROP TABLE copy");
    }
}
