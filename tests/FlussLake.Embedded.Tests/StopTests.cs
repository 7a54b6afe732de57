using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_client_that_reads_nothing_and_breaks_the_protocol_is_let_go_of_when_the_server_stops()
    {
        const int Requests = 60;
        const int Comment = 1 << 20;
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire bystander = new(fluss.BootstrapServers);
        bystander.CreateDatabase();
        bystander.CreateTable(Shop.Orders, Shop.Descriptor() with { Comment = new string('c', Comment) });
        using Wire wire = new(fluss.BootstrapServers, receiveBuffer: 1 << 16);
        for (int i = 0; i < Requests; i++)
        {
            wire.Send(ApiKey.GetTableInfo, new GetTableInfoRequest { TablePath = Shop.Orders.ToMessage() });
        }

        byte[] impossible = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(impossible, -1);
        wire.SendRaw(impossible);
        for (int i = 0; i < 50; i++)
        {
            bystander.GetTable(Shop.Orders);
        }

        await fluss.DisposeAsync();

        // What the system had taken over still arrives; what the server had to write does not.
        Assert.InRange(wire.Drain(), 0, (Requests / 2) * (long)Comment);
    }

    [Fact]
    public async Task A_round_of_tiering_ends_before_the_server_has_stopped()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        using (Wire wire = new(fluss.BootstrapServers))
        {
            wire.CreateDatabase();
            TableDescriptor table = Shop.Descriptor();
            wire.CreateTable(Shop.Orders, table with { Properties = new Dictionary<string, string>(table.Properties) { ["table.datalake.enabled"] = "true" } });
            TableInfo orders = wire.GetTable(Shop.Orders);
            using Wire tablet = Wire.ToTablet(fluss);
            for (int i = 0; i < 200; i++)
            {
                tablet.Append(orders, Batches.Of(i * 2000, 2000));
            }
        }

        Task<TieringResult>[] rounds = [.. Enumerable.Range(0, 3).Select(_ => fluss.TierAsync(Shop.Orders, cancellationToken: TestContext.Current.CancellationToken))];
        await fluss.DisposeAsync();
        Assert.All(rounds, round => Assert.True(round.IsCompleted));
        Assert.All(rounds, round => Assert.True(round.Exception?.InnerException is null or FlussException { Code: FlussErrorCode.StorageFailure }, $"{round.Exception}"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => fluss.TierAsync(Shop.Orders, cancellationToken: TestContext.Current.CancellationToken));

        await using EmbeddedFluss again = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        long moved = (await Task.WhenAll(rounds.Where(round => round.IsCompletedSuccessfully))).Sum(result => result.Rows);
        Assert.Equal(400_000, moved + (await again.TierAsync(Shop.Orders, cancellationToken: TestContext.Current.CancellationToken)).Rows);
    }
}
