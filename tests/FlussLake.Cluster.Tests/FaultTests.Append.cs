using System.Globalization;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <content>Servers that end in the middle of writing.</content>
public sealed partial class FaultTests
{
    private static readonly AppendWriterOptions s_quick = new()
    {
        BatchBytes = 4096,
        BufferMemory = 1 << 20,
        Linger = TimeSpan.FromMilliseconds(5),
        BucketAssignment = BucketAssignment.RoundRobin,
        RequestTimeout = TimeSpan.FromSeconds(5),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_are_appended_while_a_killed_server_comes_back_are_written_once()
    {
        LabTable table = Create(LabTable.Unique("killed") with { Buckets = 2, Lake = false });
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [Cluster.Servers] });
        await using AppendWriter writer = await client.OpenAppendWriterAsync(AppendTests.PathOf(table), s_quick, Token);
        await AppendAsync(writer, 0, 2000);
        await writer.FlushAsync(Token);

        // What an only replica acknowledged after it noted its end is lost when it is killed, for every client.
        Assert.True(Eventually.True(() => Cluster.NotedEnd(table) == 2000, s_recovery), "The server does not note the end of the log.");
        Cluster.Signal(Tablet, "KILL");
        Task appending = AppendAsync(writer, 2000, 3000);
        Cluster.Restart(Tablet);
        await appending;
        await writer.FlushAsync(Token);
        Assert.Equal(5000, writer.RowsAcknowledged);
        AssertEachOnceInOrder(Lab.Dump(table), 5000);
    }

    [Fact]
    public async Task Rows_survive_the_end_of_their_leader_where_there_are_replicas()
    {
        using KitCluster cluster = KitCluster.Start(new KitOptions
        {
            Lake = "none",
            Tablets = 3,
            Settings = new Dictionary<string, string> { ["zookeeper.client.session-timeout"] = "6s", ["log.replica.max-lag-time"] = "5s" },
        });
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [cluster.Servers] });
        LabTable table = LabTable.Unique("replicated") with { Buckets = 2 };
        TablePath path = AppendTests.PathOf(table);
        await client.CreateDatabaseAsync(table.Database, ignoreIfExists: true, Token);
        await CreateReplicatedAsync(client, path, table);
        await using AppendWriter writer = await client.OpenAppendWriterAsync(path, s_quick, Token);
        using CancellationTokenSource stop = new();
        Task<long> appending = AppendUntilAsync(writer, stop.Token);
        try
        {
            await AcknowledgedAsync(writer, 2000, appending);
            Assert.True(client.Metadata.TryGetLeader(new TableBucket(writer.Table.TableId, null, 0), out var leader));
            cluster.Signal($"tablet-{leader.Port - cluster.Port - 1}", "KILL");
            await AcknowledgedAsync(writer, writer.RowsAppended + 2000, appending);
        }
        finally
        {
            await stop.CancelAsync();
        }

        long appended = await appending;
        await writer.FlushAsync(Token);
        Assert.Equal(appended, writer.RowsAcknowledged);
        AssertEachOnceInOrder(cluster.Lab.Dump(table), appended);
    }

    private static async Task CreateReplicatedAsync(FlussClient client, TablePath path, LabTable table)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_recovery);
        while (true)
        {
            try
            {
                await client.CreateTableAsync(
                    path,
                    new TableDescriptor
                    {
                        Columns = [.. table.Columns.Select((column, i) => new FlussColumn(column.Name, column.Type, i))],
                        BucketCount = table.Buckets,
                        Properties = new Dictionary<string, string> { ["table.replication.factor"] = "3" },
                    },
                    cancellationToken: patience.Token);
                return;
            }
            catch (FlussException exception) when (exception.Code == FlussErrorCode.InvalidReplicationFactor)
            {
                // Not all servers have joined the cluster yet.
            }
        }
    }

    private static async Task AppendAsync(AppendWriter writer, long from, long rows)
    {
        for (long id = from; id < from + rows; id++)
        {
            await writer.AppendAsync([id, "a status of some length", null], Token);
        }
    }

    private static async Task<long> AppendUntilAsync(AppendWriter writer, CancellationToken stop)
    {
        long rows = 0;
        while (!stop.IsCancellationRequested)
        {
            await AppendAsync(writer, rows, 200);
            rows += 200;

            // Keeps the table small.
            await writer.FlushAsync(Token);
        }

        return rows;
    }

    private static async Task AcknowledgedAsync(AppendWriter writer, long rows, Task appending)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_recovery * 2);
        while (writer.RowsAcknowledged < rows)
        {
            if (appending.IsCompleted)
            {
                await appending;
            }

            await writer.FlushAsync(patience.Token);
        }
    }

    // The ids 0 and on; those of a bucket in the order in which they were appended.
    private static void AssertEachOnceInOrder(IReadOnlyList<DumpedRow> dump, long rows)
    {
        Assert.Equal(Enumerable.Range(0, (int)rows), dump.Select(Id).Order());
        foreach (IGrouping<int, DumpedRow> bucket in dump.GroupBy(row => row.Bucket))
        {
            int[] ids = [.. bucket.OrderBy(row => row.Offset).Select(Id)];
            Assert.Equal(ids.Order(), ids);
        }

        static int Id(DumpedRow row) => int.Parse(row.Values[0], CultureInfo.InvariantCulture);
    }
}
