using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Servers;
using FlussLake.Tests;

namespace FlussLake.Client.Tests;

[CollectionDefinition(nameof(StarvedThreadPoolTests), DisableParallelization = true)]
[Collection(nameof(StarvedThreadPoolTests))]
public sealed class StarvedThreadPoolTests
{
    /// <summary>
    /// Where a task completes in the very moment in which it is awaited, the runtime itself hands the continuation to the thread pool. On a busy machine that meets one of the
    /// many awaits of this test now and then; what waits for the pool by its nature waits at every attempt.
    /// </summary>
    private const int Attempts = 6;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Everything_works_while_no_thread_pool_thread_is_free()
    {
        Exception? failure = null;
        bool ended = false;
        for (int attempt = 0; attempt < Attempts && !ended; attempt++)
        {
            using FakeCluster cluster = Cluster();
            ended = StarvedThreadPool.TryRun(() => UseEverything(cluster), s_patience, out failure);
        }

        Assert.True(ended, "A call waits for the thread pool.");
        Assert.Null(failure);
    }

    private static FakeCluster Cluster()
    {
        FakeCluster cluster = new(servers: 2, buckets: 4, coordinator: true);
        for (int i = 0; i < 4; i++)
        {
            cluster.Buckets[i].Leader = i % 2;
            for (int batch = 0; batch < 10; batch++)
            {
                cluster.Buckets[i].Append(3);
            }
        }

        // Retries, refreshed leaders and time-outs take part.
        int fetches = 0;
        int produces = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == Protocol.ApiKey.FetchLog && Interlocked.Increment(ref fetches) == 3)
            {
                connection.Refuse(request, FlussErrorCode.NotLeaderOrFollower);
                return true;
            }

            if (request.Key == Protocol.ApiKey.ProduceLog && Interlocked.Increment(ref produces) % 5 == 3)
            {
                connection.Answer(request, FakeCluster.Refusal(request.Read(Protocol.ProduceLogRequest.Parser), FlussErrorCode.NotLeaderOrFollower));
                return true;
            }

            if (request.Key == Protocol.ApiKey.DatabaseExists)
            {
                connection.Refuse(request, FlussErrorCode.StorageFailure);
                return true;
            }

            return request.Key == Protocol.ApiKey.ListTables;
        };
        return cluster;
    }

    private static void UseEverything(FakeCluster cluster)
    {
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024, MaxRetries = 2 });
        TableInfo table = client.GetTableInfoAsync(FakeCluster.Path).GetAwaiter().GetResult();
        IReadOnlyDictionary<int, long> ends = client.ListOffsetsAsync(table, null, [0, 1, 2, 3], OffsetSpec.Latest).GetAwaiter().GetResult();
        using LogScan scan = client.OpenLogScan(new LogScanOptions
        {
            Table = table,
            Ranges = [.. ends.Select(end => new LogRange(cluster.Bucket(end.Key), 0, end.Value))],
            Memory = new FetchMemory(2048),
        });
        int rows = 0;
        while (scan.TryTake(out LogScanBatch? batch))
        {
            rows += batch.RowCount;
            batch.Dispose();
        }

        Assert.Equal(120, rows);
        Assert.Equal(FlussErrorCode.StorageFailure, Assert.Throws<FlussException>(() => client.DatabaseExistsAsync("shop").GetAwaiter().GetResult()).Code);

        using CancellationTokenSource cancellation = new();
        Task<IReadOnlyList<string>> silent = client.ListTablesAsync("shop", cancellation.Token);
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => silent.GetAwaiter().GetResult());

        client.CreateDatabaseAsync("other").GetAwaiter().GetResult();
        AppendWriter writer = client.OpenAppendWriterAsync(
            FakeCluster.Path, new AppendWriterOptions { BatchBytes = 1024, BufferMemory = 8192, BucketAssignment = BucketAssignment.RoundRobin }).GetAwaiter().GetResult();
        for (long i = 0; i < 1000; i++)
        {
            writer.AppendAsync([i, "a note"]).AsTask().GetAwaiter().GetResult();
        }

        writer.FlushAsync().GetAwaiter().GetResult();
        Assert.Equal(1000, writer.RowsAcknowledged);
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

        using FlussClient impatient = new(cluster.Options with { RequestTimeout = TimeSpan.FromMilliseconds(200), MaxRetries = 0 });
        Assert.Equal(FlussErrorCode.RequestTimeout, Assert.Throws<FlussException>(() => impatient.ListTablesAsync("shop").GetAwaiter().GetResult()).Code);
    }
}
