using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>A stop at any moment between the call and its end, planning and fetching included.</summary>
public sealed class RaceTests
{
    private const int Rounds = 200;
    private const long Rows = 60;

    [Fact]
    public async Task A_stop_at_any_moment_gives_the_whole_result_or_a_cancellation_and_the_next_statement_is_whole()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT", "note STRING"]);
        await table.AppendAsync(Enumerable.Range(0, (int)Rows).Select(id => new object?[] { (long)id, "n" }));
        await using FlussLakeConnection connection = table.Open();
        Statement.Open(connection);
        Random random = new(20250312);
        int stopped = 0;
        int copied = 0;
        for (int round = 0; round < Rounds; round++)
        {
            bool copies = round % 3 == 0;
            using FlussLakeCommand command = new(copies ? "INSERT INTO local SELECT id FROM fluss_read('orders')" : "SELECT count(*) FROM fluss_read('orders')", connection);
            using CancellationTokenSource source = new();
            int spins = random.Next(150_000);
            bool withToken = round % 2 == 0;
            Thread canceller = new(() =>
            {
                Thread.SpinWait(spins);
                if (withToken)
                {
                    source.Cancel();
                }
                else
                {
                    command.Cancel();
                }
            });
            canceller.Start();
            try
            {
                if (copies)
                {
                    Assert.Equal((int)Rows, await command.ExecuteNonQueryAsync(source.Token));
                    copied++;
                }
                else
                {
                    Assert.Equal(Rows, await command.ExecuteScalarAsync(source.Token));
                }
            }
            catch (OperationCanceledException)
            {
                stopped++;
            }

            Assert.Equal(Rows + (copied * Rows), connection.Scalar("SELECT (SELECT count(*) FROM fluss_read('orders')) + (SELECT count(*) FROM local)"));
            canceller.Join();
        }

        Assert.InRange(stopped, 1, Rounds - 1);
    }
}
