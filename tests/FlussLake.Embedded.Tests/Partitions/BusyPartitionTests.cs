using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>Statements while partitions are filled, tiered, dropped and made anew all the time: a partition is dropped only when all of it is in the lake, so no row may ever be missing.</summary>
public sealed class BusyPartitionTests
{
    private const int Rounds = 60;
    private const int RowsOfARound = 6;

    [Fact]
    public async Task Every_statement_has_each_row_that_was_acknowledged_before_it_exactly_once()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            ["id BIGINT NOT NULL", "p STRING"], change: described => described with { PartitionKeys = ["p"], BucketCount = 2 });
        long acknowledged = 0;
        using CancellationTokenSource done = new();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Read(table, () => Volatile.Read(ref acknowledged), done.Token)))];
        try
        {
            for (int round = 0; round < Rounds && !readers.Any(reader => reader.IsFaulted); round++)
            {
                string partition = $"p{round % 3}";
                await table.AppendAsync(Enumerable.Range(round * RowsOfARound, RowsOfARound).Select(id => (object?[])[(long)id, partition]));
                Volatile.Write(ref acknowledged, (round + 1) * RowsOfARound);
                await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
                await table.Client.DropPartitionAsync(EmbeddedTable.Path, new Dictionary<string, string> { ["p"] = partition }, cancellationToken: TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            await done.CancelAsync();
        }

        Assert.All(await Task.WhenAll(readers), statements => Assert.InRange(statements, 5, int.MaxValue));
        Assert.Equal(Rounds * RowsOfARound, table.Read("$lake").Count);
    }

    /// <summary>Reads until it is told to end.</summary>
    /// <returns>How many statements succeeded.</returns>
    private static int Read(EmbeddedTable table, Func<long> acknowledged, CancellationToken done)
    {
        using FlussLakeConnection connection = table.Open();
        int succeeded = 0;
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

            succeeded++;
            Assert.True(counts[0] == counts[1], $"{counts[0]} rows have {counts[1]} ids.");
            Assert.True(counts[0] == counts[2], $"There are {counts[0]} rows of {counts[2]}.");
            Assert.True(long.Parse(counts[0]) >= before, $"{before} rows were acknowledged, {counts[0]} are there.");
        }

        return succeeded;
    }
}
