using System.Diagnostics;
using System.Globalization;
using FlussLake.Data;

namespace FlussLake.Leak.Tests;

/// <summary>Nothing is left of statements and connections, however many and however they end.</summary>
public sealed class LeakTests
{
    private const int Connections = 4;

    // Idle threads of ours stay for up to 20 seconds.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(45);

    private static readonly int s_times = int.Parse(Environment.GetEnvironmentVariable("FLUSSLAKE_LEAK_TIMES") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Ten_thousand_statements_a_thousand_connections_and_a_thousand_cancellations_leave_nothing()
    {
        await using LoadedShop shop = await LoadedShop.StartAsync();
        using FlussLakeConnection anchor = shop.Open();
        List<string> story = [];
        await LoadAsync(shop, statements: 1000, connections: 100, cancellations: 100, seed: 0);
        Footprint before = Note("before", Footprint.Now(anchor));
        await LoadAsync(shop, 5000 * s_times, 500 * s_times, 500 * s_times, seed: 1);
        Footprint half = Note("half way", Footprint.Now(anchor));
        await LoadAsync(shop, 5000 * s_times, 500 * s_times, 500 * s_times, seed: 2);
        Footprint after = Note("at the end", Settled(anchor, before));
        string all = string.Join('\n', story);
        TestContext.Current.TestOutputHelper?.WriteLine(all);

        Assert.True(after.Lent <= before.Lent, all);
        Assert.True(after.Threads <= before.Threads + 2, all);
        Assert.True(after.Files <= before.Files + 2, all);
        Assert.True(after.Sockets <= before.Sockets, all);
        Assert.True(after.DuckDb <= before.DuckDb + (1 << 20), all);
        Assert.True(after.Heap <= before.Heap + (2 << 20), all);

        // Caches and pools fill in the first half; what is lost with each statement is lost in the second half too.
        Assert.True(after.Resident <= half.Resident + (32 << 20), all);

        Footprint Note(string when, Footprint footprint)
        {
            story.Add($"{when}: {footprint}");
            return footprint;
        }
    }

    private static async Task LoadAsync(LoadedShop shop, int statements, int connections, int cancellations, int seed)
    {
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(lane => Task.Factory.StartNew(
            () =>
            {
                Random random = new((seed * Connections) + lane);
                using FlussLakeConnection connection = shop.Open();
                for (int i = lane; i < statements; i += Connections)
                {
                    Statements.Run(connection, (i / Connections) + lane);
                }

                for (int i = lane; i < cancellations; i += Connections)
                {
                    Statements.CancelAsync(connection, TimeSpan.FromMilliseconds(random.Next(0, 12))).GetAwaiter().GetResult();
                }

                Assert.Equal(LoadedShop.Rows, Statements.Scalar(connection, "SELECT count(*) FROM fluss_read('orders')"));
                for (int i = lane; i < connections; i += Connections)
                {
                    using FlussLakeConnection another = shop.Open();
                    Assert.Equal(LoadedShop.Rows, Statements.Scalar(another, "SELECT count(*) FROM fluss_read('orders')"));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    // Threads and sockets that are on their way out when the load ends are no leak.
    private static Footprint Settled(FlussLakeConnection anchor, Footprint before)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Footprint now = Footprint.Now(anchor);
        while (clock.Elapsed < s_settling && (now.Threads > before.Threads || now.Files > before.Files || now.Sockets > before.Sockets || now.Lent > before.Lent))
        {
            now = Footprint.Now(anchor);
        }

        return now;
    }
}
