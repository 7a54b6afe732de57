using System.Diagnostics;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>Statements while partitions are filled, tiered, dropped and made anew all the time: a partition is dropped only when all of it is in the lake, so no row may ever be missing.</summary>
public sealed class BusyPartitionTests
{
    private const int LeastRounds = 40;
    private const int LeastStatements = 5;
    private const int RowsOfARound = 6;

    [Fact]
    public async Task Every_statement_has_each_row_that_was_acknowledged_before_it_exactly_once()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            ["id BIGINT NOT NULL", "p STRING"], change: described => described with { PartitionKeys = ["p"], BucketCount = 2 });
        long acknowledged = 0;
        int rounds = 0;
        int[] succeeded = new int[2];
        long begin = Stopwatch.GetTimestamp();
        using CancellationTokenSource done = new();
        Task[] readers =
        [
            .. Enumerable.Range(0, succeeded.Length).Select(reader => Task.Run(() => Read(table, () => Volatile.Read(ref acknowledged), () => Interlocked.Increment(ref succeeded[reader]), done.Token))),
        ];
        try
        {
            while ((rounds < LeastRounds || succeeded.Min() < LeastStatements) && !readers.Any(reader => reader.IsFaulted))
            {
                Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 120);
                string partition = $"p{rounds % 3}";
                await table.AppendAsync(Enumerable.Range(rounds * RowsOfARound, RowsOfARound).Select(id => (object?[])[(long)id, partition]));
                Volatile.Write(ref acknowledged, (rounds + 1) * RowsOfARound);
                await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
                await table.Client.DropPartitionAsync(EmbeddedTable.Path, new Dictionary<string, string> { ["p"] = partition }, cancellationToken: TestContext.Current.CancellationToken);
                rounds++;
            }
        }
        finally
        {
            await done.CancelAsync();
        }

        await Task.WhenAll(readers);
        Assert.Equal(rounds * RowsOfARound, table.Read("$lake").Count);
    }

    private static void Read(EmbeddedTable table, Func<long> acknowledged, Action succeeded, CancellationToken done)
    {
        using FlussLakeConnection connection = table.Open();
        while (!done.IsCancellationRequested)
        {
            long before = acknowledged();
            string[] counts;
            try
            {
                counts = Assert.Single(Queries.Rows(connection, "SELECT count(*), count(DISTINCT id), coalesce(max(id) + 1, 0) FROM fluss_read('orders')")).Split('|');
            }
            catch (FlussLakeException dropped) when (dropped.IsTransient)
            {
                // What the first plan had is gone, and so is what the second one had.
                Assert.Contains("of table shop.orders was dropped after the statement was planned", dropped.Message, StringComparison.Ordinal);
                continue;
            }

            Assert.True(counts[0] == counts[1], $"{counts[0]} rows have {counts[1]} ids.");
            Assert.True(counts[0] == counts[2], $"There are {counts[0]} rows of {counts[2]}.");
            Assert.True(long.Parse(counts[0]) >= before, $"{before} rows were acknowledged, {counts[0]} are there.");
            succeeded();
        }
    }
}
