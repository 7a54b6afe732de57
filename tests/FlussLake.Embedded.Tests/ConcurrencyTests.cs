using System.Collections.Concurrent;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class ConcurrencyTests
{
    private const int Writers = 3;
    private const int BatchesOfWriter = 150;

    [Fact]
    public async Task Appends_fetches_drops_and_a_stop_at_once_lose_nothing_that_was_acknowledged()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        ConcurrentQueue<(long Partition, long Offset, long FirstId)> acknowledged = [];
        ConcurrentQueue<Exception> unexpected = [];
        using CountdownEvent halfWay = new(Writers);
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders(1, "note");
        using (Wire wire = new(fluss.BootstrapServers))
        {
            CreatePartition(wire, "stays");
            CreatePartition(wire, "goes");
        }

        long stays = Partition(fluss, "stays");
        Wire reading = Wire.ToTablet(fluss);
        string address = fluss.BootstrapServers;
        List<Thread> threads = [Start(() => DropAndCreate(address)), Start(() => Follow(reading, table, stays))];
        for (int writer = 0; writer < Writers; writer++)
        {
            int id = writer;
            Wire appending = Wire.ToTablet(fluss);
            threads.Add(Start(() => Append(appending, id)));
        }

        Assert.True(halfWay.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), string.Join('\n', unexpected));
        await fluss.DisposeAsync();
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60))));
        Assert.Empty(unexpected);

        await using EmbeddedFluss again = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        using Wire tablet = Wire.ToTablet(again);
        Dictionary<long, long> stored = Read(tablet, table, stays, 0).ToDictionary(batch => Shop.Header(batch).BaseOffset, batch => Batches.ReadIds(batch, 0, 1).Single());
        (long Partition, long Offset, long FirstId)[] expected = [.. acknowledged.Where(append => append.Partition == stays)];
        Assert.InRange(expected.Length, Writers * BatchesOfWriter / 4, stored.Count);
        Assert.All(expected, append => Assert.Equal(append.FirstId, stored[append.Offset]));
        Assert.Equal(stored.Count, stored.Values.Distinct().Count());

        void Append(Wire tablet, int writer)
        {
            using (tablet)
            {
                for (int i = 0; i < BatchesOfWriter; i++)
                {
                    long firstId = (writer * 1_000_000) + (i * 10);
                    tablet.Append(table, Batches.Of(firstId, 2, writer, i), partition: stays);
                    acknowledged.Enqueue((stays, tablet.Append(table, Batches.Of(firstId, 2, writer, i), partition: stays), firstId));
                    if (fluss.Catalog.Get(Shop.Orders).Partitions.TryGetValue("goes", out long goes))
                    {
                        PbProduceLogRespForBucket answer = tablet.Call(ApiKey.ProduceLog, Shop.Produce(table, 0, Batches.Of(firstId, 2), partition: goes), ProduceLogResponse.Parser).BucketsResp.Single();
                        Assert.Contains((FlussErrorCode)answer.ErrorCode, (FlussErrorCode[])[FlussErrorCode.None, FlussErrorCode.UnknownTableOrBucket]);
                    }

                    if (i == BatchesOfWriter / 2)
                    {
                        halfWay.Signal();
                    }
                }
            }
        }

        // What the stop of the server does to a connection ends its thread; whatever else goes wrong is a defect.
        Thread Start(Action action)
        {
            Thread thread = new(() =>
            {
                try
                {
                    action();
                }
                catch (Exception exception) when (halfWay.IsSet && exception is InvalidOperationException or System.Net.Sockets.SocketException or Xunit.Sdk.TrueException)
                {
                    // The server was stopped.
                }
#pragma warning disable CA1031 // The test names it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    unexpected.Enqueue(exception);
                }
            });
            thread.Start();
            return thread;
        }
    }

    private static void DropAndCreate(string address)
    {
        using Wire wire = new(address);
        while (true)
        {
            wire.Call(ApiKey.DropPartition, new DropPartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec("goes"), IgnoreIfNotExists = false }, DropPartitionResponse.Parser);
            CreatePartition(wire, "goes");
        }
    }

    /// <summary>Reads what comes without end: every batch follows the one before it.</summary>
    private static void Follow(Wire tablet, TableInfo table, long partition)
    {
        using (tablet)
        {
            long next = 0;
            while (true)
            {
                foreach (byte[] batch in Read(tablet, table, partition, next))
                {
                    LogBatchHeader header = Shop.Header(batch);
                    Assert.Equal(next, header.BaseOffset);
                    Assert.Equal(header.Crc, Crc32C.Compute(batch.AsSpan(header.CrcStart)));
                    next = header.NextOffset;
                }
            }
        }
    }

    private static List<byte[]> Read(Wire tablet, TableInfo table, long partition, long offset)
    {
        FetchLogRequest request = Shop.Fetch(table, offset, maxBytes: 16 << 20, minBytes: 1, maxWait: 10_000);
        request.TablesReq[0].BucketsReq[0].PartitionId = partition;
        return Shop.Split(tablet.FetchOne(request).Records);
    }

    private static long Partition(EmbeddedFluss fluss, string name) => fluss.Catalog.Get(Shop.Orders).Partitions[name];

    private static void CreatePartition(Wire wire, string name) =>
        wire.Call(ApiKey.CreatePartition, new CreatePartitionRequest { TablePath = Shop.Orders.ToMessage(), PartitionSpec = Spec(name), IgnoreIfExists = false }, CreatePartitionResponse.Parser);

    private static PbPartitionSpec Spec(string name) => new() { PartitionKeyValues = { new PbKeyValue { Key = "note", Value = name } } };
}
