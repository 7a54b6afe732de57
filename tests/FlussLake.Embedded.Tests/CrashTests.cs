using System.Data.Common;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Data;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class CrashTests
{
    [Fact]
    public async Task What_was_acknowledged_survives_the_death_of_the_process_and_nothing_is_torn_or_doubled()
    {
        using TempFolder folder = new();
        int next = 0;
        for (int round = 0; round < 3; round++)
        {
            using HostProcess host = HostProcess.Start(folder.Path);
            using Wire coordinator = new(host.Address);
            if (round == 0)
            {
                coordinator.CreateDatabase();
                coordinator.CreateTable(Shop.Orders, Shop.Descriptor());
            }

            TableInfo table = coordinator.GetTable(Shop.Orders);
            int port = coordinator.Call(ApiKey.Metadata, new MetadataRequest(), MetadataResponse.Parser).TabletServers.Single().Port;
            using Wire tablet = new($"127.0.0.1:{port}");

            // What was on its way when the process died is sent again; a batch that had arrived is not appended twice.
            int acknowledged = next;
            int last = next + 60;
            for (int sequence = Math.Max(0, next - 4); sequence < last; sequence++)
            {
                tablet.Send(ApiKey.ProduceLog, Shop.Produce(table, 0, Batch(sequence)));
            }

            while (acknowledged < last - 15)
            {
                PbProduceLogRespForBucket answer = tablet.Receive()!.Read(ProduceLogResponse.Parser).BucketsResp.Single();
                Assert.False(answer.HasErrorCode, answer.ErrorMessage);
                acknowledged = Math.Max(acknowledged, (int)(answer.BaseOffset / 5) + 1);
            }

            host.Kill();
            next = await CheckAsync(folder.Path, acknowledged);
        }

        // Each batch has five rows with the ids that its sequence gives.
        static byte[] Batch(int sequence) => Batches.Of(sequence * 5, 5, writerId: 1, sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_process_that_dies_while_it_tiers_leaves_each_row_in_one_half_and_once(int seed)
    {
        using TempFolder folder = new();
        Random random = new(seed);
        long rows = 0;
        for (int crash = 0; crash < 4; crash++)
        {
            using HostProcess host = HostProcess.Start(folder.Path);
            using Wire coordinator = new(host.Address);
            if (crash == 0)
            {
                coordinator.CreateDatabase();
                coordinator.CreateTable(Shop.Orders, Shop.Descriptor() with
                {
                    Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true", ["table.log.arrow.compression.type"] = "NONE" },
                });
            }

            TableInfo table = coordinator.GetTable(Shop.Orders);
            using Wire tablet = Wire.ToTablet(host.Address);
            tablet.Append(table, Batches.Of(rows++, 1));
            host.Tier(Shop.Orders.Table);
            int rounds = random.Next(1, 4);
            Task<string?[]> moved = Task.Run(() => Enumerable.Range(0, rounds).Select(_ => host.NextRound()).ToArray(), TestContext.Current.CancellationToken);
            while (!moved.IsCompleted)
            {
                tablet.Append(table, Batches.Of(rows++, 1));
            }

            // The next round is somewhere between its first file and its registration.
            tablet.Append(table, Batches.Of(rows++, 1));
            Thread.SpinWait(random.Next(2_000_000));
            host.Kill();
            Assert.All(await moved, round => Assert.Matches("^[0-9]+$", round));
            await CheckHalvesAsync(folder.Path, rows);
        }
    }

    /// <summary>Reads both halves before and after a round of tiering: as many rows as were appended, each once.</summary>
    private static async Task CheckHalvesAsync(string folder, long rows)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = folder }, TestContext.Current.CancellationToken);
        await using FlussLakeConnection connection = new($"Bootstrap Servers={fluss.BootstrapServers};Database=shop;Connection Idle Lifetime=0");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal((rows, rows), await CountAsync("orders"));
        await fluss.TierAsync(Shop.Orders, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((rows, rows), await CountAsync("orders"));
        Assert.Equal((rows, rows), await CountAsync("orders$lake"));

        async Task<(long Rows, long Ids)> CountAsync(string half)
        {
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT count(*), count(DISTINCT id) FROM fluss_read('{half}')";
            await using DbDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
    }

    /// <summary>Reads what is there after a crash: whole batches, each once, in order, and at least those that were acknowledged.</summary>
    /// <returns>The number of batches.</returns>
    private static async Task<int> CheckAsync(string folder, int acknowledged)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = folder }, TestContext.Current.CancellationToken);
        using FlussClient client = fluss.Client();
        List<long> ids = client.ReadIds(Shop.Orders);
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(id => (long)id), ids);
        Assert.Equal(0, ids.Count % 5);
        Assert.True(ids.Count / 5 >= acknowledged, $"{acknowledged} batches were acknowledged and {ids.Count / 5} are there.");
        TableInfo table = await client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken);
        using Wire tablet = Wire.ToTablet(fluss);
        Assert.All(Shop.Split(tablet.FetchOne(Shop.Fetch(table, 0, maxBytes: 16 << 20)).Records), batch => Assert.Equal(Shop.Header(batch).Crc, Crc32C.Compute(batch.AsSpan(25))));
        return ids.Count / 5;
    }
}
