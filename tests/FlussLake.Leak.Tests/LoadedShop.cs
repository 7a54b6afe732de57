using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded;

namespace FlussLake.Leak.Tests;

/// <summary>An embedded server with a table of two buckets, half of whose rows lie in the lake.</summary>
internal sealed class LoadedShop : IAsyncDisposable
{
    public const long Rows = 400;
    private static readonly TablePath s_orders = new("shop", "orders");

    private readonly EmbeddedFluss _fluss;

    private LoadedShop(EmbeddedFluss fluss) => _fluss = fluss;

    public static async Task<LoadedShop> StartAsync()
    {
        LoadedShop shop = new(await EmbeddedFluss.StartAsync());
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [shop._fluss.BootstrapServers] });
        await client.CreateDatabaseAsync(s_orders.Database);
        await client.CreateTableAsync(s_orders, new TableDescriptor
        {
            Columns = [new FlussColumn("id", FlussType.Parse("BIGINT NOT NULL"), 0), new FlussColumn("note", FlussType.Parse("STRING"), 0)],
            BucketCount = 2,
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
        });
        await AppendAsync(client, 0);
        await shop._fluss.TierAsync(s_orders);
        await AppendAsync(client, Rows / 2);
        return shop;
    }

    public FlussLakeConnection Open()
    {
        FlussLakeConnection connection = new($"Bootstrap Servers={_fluss.BootstrapServers};Database=shop;threads=2");
        connection.Open();
        return connection;
    }

    public ValueTask DisposeAsync() => _fluss.DisposeAsync();

    private static async Task AppendAsync(FlussClient client, long from)
    {
        await using AppendWriter writer = await client.OpenAppendWriterAsync(s_orders);
        for (long id = from; id < from + (Rows / 2); id++)
        {
            await writer.AppendAsync([id, $"note {id}"]);
        }
    }
}
