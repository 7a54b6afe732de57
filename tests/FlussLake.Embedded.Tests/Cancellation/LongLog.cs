using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded.Faults;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>The table shop.orders with a log that takes several fetches, so that a reader is in its middle after the first row.</summary>
internal sealed class LongLog : IAsyncDisposable
{
    public const long Rows = 1_000_000;
    private const int BatchRows = 50_000;

    private LongLog(EmbeddedFluss fluss) => Fluss = fluss;

    public EmbeddedFluss Fluss { get; }

    public static async Task<LongLog> StartAsync()
    {
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions(), TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        for (long first = 0; first < Rows; first += BatchRows)
        {
            tablet.Append(table, Batches.Of(first, BatchRows));
        }

        return new LongLog(fluss);
    }

    public FlussLakeConnection Open(string more = "")
    {
        FlussLakeConnection connection = new($"Bootstrap Servers={Fluss.BootstrapServers};Database=shop;Connection Idle Lifetime=0;{more}");
        connection.Open();
        return connection;
    }

    /// <summary>Lets the first fetch through and never answers the second.</summary>
    public void FallSilentAfterFirstFetch()
    {
        Fluss.Faults.Delay(TimeSpan.Zero, FlussApi.FetchLog);
        Fluss.Faults.Swallow(FlussApi.FetchLog);
    }

    public void UntilSilent() => OneLine.Until(() => Fluss.Faults.Left == 0, "The second fetch has not come.");

    /// <summary>The next statement reads every row.</summary>
    public static void AssertWorks(FlussLakeConnection connection) =>
        Assert.Equal($"{Rows} rows, sum {Rows * (Rows - 1) / 2}", connection.Scalar("SELECT count(*) || ' rows, sum ' || sum(id) FROM fluss_read('orders')"));

    public ValueTask DisposeAsync() => Fluss.DisposeAsync();
}
