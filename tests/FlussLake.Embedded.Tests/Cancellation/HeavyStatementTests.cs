using DuckDB.NET.Data;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>DuckDB is at work, and no server is waited for: every kind of call ends when it is told to.</summary>
public sealed class HeavyStatementTests
{
    // Hours of work that give no row before their end.
    private const string Heavy = "SELECT x FROM range(100000000000) t(x) WHERE under_way(x)";
    private const string Sort = "SELECT x FROM range(100000000000) t(x) WHERE NOT under_way(x) ORDER BY x DESC";

    [Theory]
    [InlineData(StopTrigger.Token)]
    [InlineData(StopTrigger.Cancel)]
    [InlineData(StopTrigger.Timeout)]
    public async Task A_call_in_which_DuckDB_works_ends_when_it_is_stopped(StopTrigger trigger)
    {
        await using FlussLakeConnection connection = new("Data Source=:memory:");
        connection.Open();
        connection.Run("CREATE TABLE local (id BIGINT)");
        using ManualResetEventSlim underWay = new();
        connection.RegisterScalarFunction<long, bool>("under_way", (long _) =>
        {
            underWay.Set();
            return false;
        });

        foreach (Statement statement in Statement.All)
        {
            foreach (string heavy in (string[])[Heavy, Sort])
            {
                // A time-out takes its time: not every combination needs one.
                if (trigger == StopTrigger.Timeout && (heavy == Sort) == statement.Name is "reader" or "second result")
                {
                    continue;
                }

                foreach (bool asynchronous in (bool[])[false, true])
                {
                    underWay.Reset();
                    using FlussLakeCommand command = new(statement.Over(heavy), connection);
                    using StoppedCall call = asynchronous ? new StoppedCall(command, trigger, statement.RunAsync) : new StoppedCall(command, trigger, statement.Run);
                    call.Until(() => underWay.IsSet, $"{statement.Name} is not under way.");
                    await call.StopAsync();
                    Assert.Equal("0 rows, 0 tables", connection.Scalar("SELECT (SELECT count(*) FROM local) || ' rows, ' || count(*) || ' tables' FROM duckdb_tables() WHERE table_name = 'copy'"));
                }
            }
        }
    }
}
