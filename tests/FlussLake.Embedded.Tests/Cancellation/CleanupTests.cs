using FlussLake.Client.Log;
using FlussLake.Data;
using FlussLake.Data.DuckDb;
using FlussLake.Data.UnionRead;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>The counters are the whole process's, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(CleanupTests), DisableParallelization = true)]
[Collection(nameof(CleanupTests))]
public sealed class CleanupTests
{
    public static TheoryData<StopTrigger> Stops => [.. Enum.GetValues<StopTrigger>()];

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task A_stopped_statement_leaves_nothing_behind(StopTrigger trigger)
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open();
        Statement.Open(connection);
        Statement.AssertNothingIsLeft(connection, LongLog.Rows);
        (long Handles, long Scans, int Plans, long Reserved, int Frames) before = Counters();
        FlussApi[] requests = trigger == StopTrigger.Timeout ? [FlussApi.FetchLog] : [FlussApi.GetTableInfo, FlussApi.ListOffsets, FlussApi.FetchLog];
        foreach (Statement statement in trigger == StopTrigger.Timeout ? Statement.All.Take(1) : Statement.All)
        {
            foreach (FlussApi held in requests)
            {
                foreach (bool asynchronous in (bool[])[false, true])
                {
                    log.Fluss.Faults.Swallow(held);
                    using FlussLakeCommand command = new(statement.Sql, connection);
                    using StoppedCall call = asynchronous ? new StoppedCall(command, trigger, statement.RunAsync) : new StoppedCall(command, trigger, statement.Run);
                    call.Until(() => log.Fluss.Faults.Left == 0, $"{statement.Name} has not come to {held}.");
                    await call.StopAsync();
                    log.Fluss.Faults.Clear();

                    // The plan of a command with several statements goes with the next statement.
                    Assert.Equal(LongLog.Rows, connection.Scalar("SELECT count(*) FROM fluss_read('orders')"));
                    OneLine.Until(() => Counters() == before, $"{statement.Name}, {held}: {before} became {Counters()}.");
                }
            }
        }

        Statement.AssertNothingIsLeft(connection, LongLog.Rows);
        Assert.Equal(before, Counters());
    }

    private static (long Handles, long Scans, int Plans, long Reserved, int Frames) Counters() =>
        (CallbackHandle.Live, LogTableScan.Open, PlanRegistry.Count, FetchMemory.Shared.ReservedBytes, FetchMemory.FramesInUse);
}
