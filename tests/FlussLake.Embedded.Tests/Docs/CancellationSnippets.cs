using System.Data.Common;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Docs;

/// <summary>The code of <c>docs/cancellation.md</c>, run.</summary>
public sealed class CancellationSnippets
{
    [Fact]
    public async Task A_statement_is_read_cancelled_and_timed_out()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT"]);
        await table.AppendAsync([1L]);
        await using FlussLakeConnection connection = table.Open();
        using FlussLakeCommand command = new("SELECT id FROM fluss_read('orders')", connection);
        await ReadAsync(command, TestContext.Current.CancellationToken);
        await ReadAsync(command, new CancellationToken(true));
        table.Fluss.Faults.Swallow(FlussApi.ListOffsets);
        await ReadAsync(command, TestContext.Current.CancellationToken);
        Assert.Equal(0, table.Fluss.Faults.Left);
    }

    private static async Task ReadAsync(FlussLakeCommand command, CancellationToken cancellationToken)
    {
        #region read
        command.CommandTimeout = 5; // seconds for each call; 0 means none
        try
        {
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                Console.WriteLine(reader.GetInt64(0));
            }
        }
        catch (OperationCanceledException)
        {
            // The token, or command.Cancel() from any thread.
        }
        catch (FlussLakeException late) when (late.InnerException is TimeoutException)
        {
            // The message says what was waited for: the plan or the log of which table, and which server.
            Console.WriteLine(late.Message);
        }
        #endregion
    }
}
