using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>A server that says nothing any more, in whatever a statement waits for: every kind of call ends when it is told to, writes nothing, and its connection works on.</summary>
public sealed class SilentServerTests
{
    private const long Rows = 60;

    public static MatrixTheoryData<FlussApi, StopTrigger> Stops => new(
        [FlussApi.ApiVersions, FlussApi.GetTableInfo, FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.FetchLog], Enum.GetValues<StopTrigger>());

    // Each request that planning and reading wait for, in their order; the handshake first.
    [Theory]
    [MemberData(nameof(Stops))]
    public async Task A_call_that_waits_for_a_silent_server_ends_when_it_is_stopped(FlussApi held, StopTrigger trigger)
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT", "note STRING"]);
        await table.AppendAsync(Enumerable.Range(0, (int)Rows / 2).Select(id => new object?[] { (long)id, "n" }));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync(Enumerable.Range((int)Rows / 2, (int)Rows / 2).Select(id => new object?[] { (long)id, "n" }));
        FlussLakeConnection[] connections = [.. Enumerable.Range(0, 2 * Statement.All.Count).Select(_ => table.Open())];
        Array.ForEach(connections, Statement.Open);

        // The connections share a client, hence its handshake.
        int requests = held == FlussApi.ApiVersions ? 1 : connections.Length;
        foreach (int _ in Enumerable.Range(0, requests))
        {
            table.Fluss.Faults.Swallow(held);
        }

        StoppedCall[] calls =
        [
            .. Statement.All.Select((statement, i) => new StoppedCall(new FlussLakeCommand(statement.Sql, connections[2 * i]), trigger, statement.Run)),
            .. Statement.All.Select((statement, i) => new StoppedCall(new FlussLakeCommand(statement.Sql, connections[(2 * i) + 1]), trigger, statement.RunAsync)),
        ];
        Array.ForEach(calls, call => call.Until(() => table.Fluss.Faults.Left == 0, $"{table.Fluss.Faults.Left} of {requests} calls have not come to {held}."));
        bool allWait = table.Fluss.Faults.Left == 0;
        foreach (StoppedCall call in calls)
        {
            Exception end = await call.StopAsync();
            if (end is FlussLakeException && allWait)
            {
                Assert.Contains("shop.orders", end.Message, StringComparison.Ordinal);
                Assert.Contains(table.Fluss.BootstrapServers[..10], end.Message, StringComparison.Ordinal);
            }

            call.Dispose();
        }

        table.Fluss.Faults.Clear();
        foreach (FlussLakeConnection connection in connections)
        {
            // A handshake has ten seconds; what asks again before that waits for the same one, so another client does.
            Statement.AssertNothingIsLeft(connection, Rows, held == FlussApi.ApiVersions ? $"'{table.Fluss.BootstrapServers.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}', " : "");
            await connection.DisposeAsync();
        }
    }
}
