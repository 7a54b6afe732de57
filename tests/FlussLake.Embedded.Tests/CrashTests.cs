using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
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
