using DuckDB.NET.Data;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>What a statement that fails, is stopped or times out does to the transaction around it.</summary>
public sealed class TransactionTests
{
    private const string Aborted = "Current transaction is aborted";

    // Nobody listens there.
    private const string Dead = "SELECT * FROM fluss_read('127.0.0.1:1', 'shop', 'orders')";
    private const string Read = "SELECT * FROM fluss_read('orders')";

    [Theory]
    [InlineData("SELECT * FROM fluss_read('nothing')")]
    [InlineData("CREATE TABLE copy AS SELECT * FROM fluss_read('nothing')")]
    [InlineData(Dead)]
    public async Task A_planning_error_aborts_its_transaction(string sql)
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT"]);
        await table.AppendAsync([1L]);
        await using FlussLakeConnection connection = table.Open();
        await AssertAbortsAsync(connection, () =>
        {
            Assert.Throws<FlussLakeException>(() => connection.Run(sql));
            return Task.CompletedTask;
        });
        Assert.Equal(["1"], table.Read());
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task A_stopped_statement_aborts_its_transaction(FlussApi held, StopTrigger trigger)
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT"]);
        await table.AppendAsync([1L]);
        await using FlussLakeConnection connection = table.Open();
        await AssertAbortsAsync(connection, async () =>
        {
            table.Fluss.Faults.Swallow(held);
            using FlussLakeCommand command = new("INSERT INTO local " + Read, connection);
            using StoppedCall call = new(command, trigger, static (command, token) => command.ExecuteNonQueryAsync(token));
            call.Until(() => table.Fluss.Faults.Left == 0, $"The statement has not come to {held}.");
            await call.StopAsync();
            table.Fluss.Faults.Clear();
        });
    }

    public static MatrixTheoryData<FlussApi, StopTrigger> Stops => new([FlussApi.ListOffsets, FlussApi.FetchLog], Enum.GetValues<StopTrigger>());

    /// <summary>The transaction takes no further statement, and nothing of it stays; after its end the connection works.</summary>
    private static async Task AssertAbortsAsync(FlussLakeConnection connection, Func<Task> fail)
    {
        Statement.Open(connection);
        foreach (bool commits in (bool[])[false, true])
        {
            FlussLakeTransaction transaction = connection.BeginTransaction();
            connection.Run("INSERT INTO local VALUES (1)");
            await fail();
            DuckDBException refused = Assert.Throws<DuckDBException>(() => connection.Scalar("SELECT 1"));
            Assert.Contains(Aborted, refused.Message, StringComparison.Ordinal);
            Assert.Contains(Aborted, Assert.Throws<DuckDBException>(() => connection.Scalar(Read)).Message, StringComparison.Ordinal);
            if (commits)
            {
                Assert.Contains("rolled back", Assert.Throws<FlussLakeException>(transaction.Commit).Message, StringComparison.Ordinal);
            }
            else
            {
                transaction.Rollback();
            }

            transaction.Dispose();
            Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM local"));
            Assert.Equal(1L, connection.Scalar("SELECT id FROM fluss_read('orders')"));
        }
    }
}
