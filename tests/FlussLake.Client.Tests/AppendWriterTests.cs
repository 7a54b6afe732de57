using System.Diagnostics;

using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

public sealed class AppendWriterTests
{
    private static readonly AppendWriterOptions s_small = new() { BatchBytes = 1024, Linger = TimeSpan.FromMinutes(10) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_of_a_bucket_are_numbered_from_0_and_hold_all_rows_in_order()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 500);
        await writer.FlushAsync(Token);
        Assert.Equal(500, writer.RowsAppended);
        Assert.Equal(500, writer.RowsAcknowledged);
        Assert.Equal(0, writer.Pipeline.BufferedBytes);
        List<ProducedBatch> produced = cluster.Buckets[0].Produced;
        Assert.True(produced.Count > 5);
        Assert.Equal(Enumerable.Range(0, produced.Count), produced.Select(batch => batch.Sequence));
        Assert.All(produced, batch => Assert.Equal(101, batch.WriterId));
        Assert.Equal(500, produced.Sum(batch => batch.Rows));
        ProduceLogRequest request = cluster.Servers[0].Requests.First(request => request.Key == ApiKey.ProduceLog).Read(ProduceLogRequest.Parser);
        Assert.Equal(-1, request.Acks);
        Assert.Equal(42, request.TableId);
        Assert.Equal(30_000, request.TimeoutMs);
        Assert.False(request.BucketsReq[0].HasPartitionId);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_sent_again_with_the_same_bytes()
    {
        using FakeCluster cluster = new();
        int lost = 0;
        cluster.Intercept = (server, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog || Interlocked.Increment(ref lost) > 2)
            {
                return false;
            }

            // The first time the batch reaches the log, and nobody hears of it.
            cluster.Produce(server, request.Read(ProduceLogRequest.Parser));
            connection.Close();
            return true;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 3);
        await writer.FlushAsync(Token);
        Assert.Equal(3, writer.RowsAcknowledged);
        Assert.Equal(3, Assert.Single(cluster.Buckets[0].Produced).Rows);
        byte[][] sent = [.. cluster.Servers[0].Requests.Where(request => request.Key == ApiKey.ProduceLog).Select(request => request.Body)];
        Assert.Equal(3, sent.Length);
        Assert.All(sent, body => Assert.Equal(sent[0], body));
    }

    [Fact]
    public async Task A_repetition_that_the_server_tells_of_is_a_success()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) => OnProduce(connection, request, produce => FakeCluster.Refusal(produce, FlussErrorCode.DuplicateSequence));
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 3);
        await writer.FlushAsync(Token);
        Assert.Equal(3, writer.RowsAcknowledged);
    }

    [Fact]
    public async Task A_batch_that_is_out_of_order_below_an_acknowledged_one_is_a_success()
    {
        using FakeCluster cluster = new();
        List<(ScriptedConnection Connection, ScriptedRequest Request)> held = [];
        cluster.Intercept = (server, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            held.Add((connection, request));
            ProduceLogRequest produce = request.Read(ProduceLogRequest.Parser);
            if (held.Count == 2)
            {
                // Both are in the log. The answers come in the other order, and the first batch's is an error.
                cluster.Produce(server, held[0].Request.Read(ProduceLogRequest.Parser));
                connection.Answer(request, cluster.Produce(server, produce));
                connection.Answer(held[0].Request, FakeCluster.Refusal(held[0].Request.Read(ProduceLogRequest.Parser), FlussErrorCode.RequestTimeout));
            }
            else if (held.Count == 3)
            {
                connection.Answer(request, FakeCluster.Refusal(produce, FlussErrorCode.OutOfOrderSequence));
            }

            return true;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 1);
        Task first = writer.FlushAsync(Token);
        await Append(writer, 1, 2);
        await writer.FlushAsync(Token);
        await first;
        Assert.Equal(3, writer.RowsAcknowledged);
        Assert.Equal([1, 2], cluster.Buckets[0].Produced.Select(batch => batch.Rows));
    }

    [Theory]
    [InlineData(FlussErrorCode.OutOfOrderSequence, "misses batches")]
    [InlineData(FlussErrorCode.UnknownWriterId, "does not know this writer")]
    [InlineData(FlussErrorCode.AuthorizationFailed, "scripted")]
    public async Task A_batch_that_cannot_be_delivered_ends_the_writer_and_says_what_became_of_the_rows(FlussErrorCode code, string why)
    {
        using FakeCluster cluster = new();
        bool refuse = false;
        cluster.Intercept = (_, connection, request) => Volatile.Read(ref refuse) && OnProduce(connection, request, produce => FakeCluster.Refusal(produce, code));
        using FlussClient client = new(cluster.Options);
        AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 4);
        await writer.FlushAsync(Token);
        Volatile.Write(ref refuse, true);
        await Append(writer, 4, 3);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => writer.FlushAsync(Token));
        Assert.Equal(code, failure.Code);
        Assert.Contains("table shop.orders, bucket 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Of 7 rows appended to the writer 4 are acknowledged, 0 may be in the log or not, and 3 are not in it.", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, await Assert.ThrowsAsync<FlussException>(() => writer.AppendAsync([9L, null], Token).AsTask()));
        Assert.Same(failure, await Assert.ThrowsAsync<FlussException>(() => writer.FlushAsync(Token)));
        Assert.Equal(0, writer.Pipeline.BufferedBytes);
        Assert.Equal(0, client.RequestsInFlight);

        // It was thrown before.
        await writer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.AppendAsync([9L, null], Token).AsTask());
    }

    [Fact]
    public async Task A_failure_that_no_call_has_thrown_is_thrown_when_the_writer_is_disposed()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) => OnProduce(connection, request, produce => FakeCluster.Refusal(produce, FlussErrorCode.AuthorizationFailed));
        using FlussClient client = new(cluster.Options);
        AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 4);
        Assert.Equal(FlussErrorCode.AuthorizationFailed, (await Assert.ThrowsAsync<FlussException>(() => writer.DisposeAsync().AsTask())).Code);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Batches_follow_a_leader_that_moves_in_their_order()
    {
        using FakeCluster cluster = new(servers: 2);
        int answered = 0;
        cluster.Intercept = (server, connection, request) =>
        {
            if (request.Key == ApiKey.ProduceLog && Interlocked.Increment(ref answered) == 4)
            {
                cluster.Buckets[0].Leader = 1;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 1000);
        await writer.FlushAsync(Token);
        List<ProducedBatch> produced = cluster.Buckets[0].Produced;
        Assert.Equal(Enumerable.Range(0, produced.Count), produced.Select(batch => batch.Sequence));
        Assert.Equal(1000, produced.Sum(batch => batch.Rows));
        Assert.True(cluster.Servers[1].Count(ApiKey.ProduceLog) > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_to_requests_each_row_is_in_the_log_once_and_in_order(int seed)
    {
        using FakeCluster cluster = new(servers: 2, buckets: 3);
        cluster.Buckets[1].Leader = 1;
        Random random = new(seed);
        Lock gate = new();
        FlussErrorCode[] codes =
        [
            FlussErrorCode.NotLeaderOrFollower, FlussErrorCode.RequestTimeout, FlussErrorCode.StorageFailure, FlussErrorCode.LeaderNotAvailable, FlussErrorCode.CorruptRecord,
            FlussErrorCode.NotEnoughReplicasAfterAppend, FlussErrorCode.FencedLeaderEpoch,
        ];
        int faults = 0;
        cluster.Intercept = (server, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            ProduceLogRequest produce = request.Read(ProduceLogRequest.Parser);
            int dice;
            FlussErrorCode code;
            lock (gate)
            {
                dice = faults < 40 ? random.Next(8) : 7;
                faults += dice < 4 ? 1 : 0;
                code = codes[random.Next(codes.Length)];
            }

            switch (dice)
            {
                case 0:
                    connection.Answer(request, FakeCluster.Refusal(produce, code));
                    return true;
                case 1:
                    // Appended, and refused all the same.
                    cluster.Produce(server, produce);
                    connection.Answer(request, FakeCluster.Refusal(produce, FlussErrorCode.RequestTimeout));
                    return true;
                case 2:
                    cluster.Produce(server, produce);
                    connection.Close();
                    return true;
                case 3:
                    connection.Close();
                    return true;
                default:
                    return false;
            }
        };
        using FlussClient client = new(cluster.Options);
        AppendWriterOptions options = s_small with { BucketAssignment = BucketAssignment.RoundRobin, BufferMemory = 20_000, Linger = TimeSpan.FromMilliseconds(1) };
        await using AppendWriter writer = await Open(client, options);
        for (int i = 0; i < 10; i++)
        {
            await Append(writer, i * 300, 300);
            await writer.FlushAsync(Token);
            Assert.Equal((i + 1) * 300, writer.RowsAcknowledged);
        }

        Assert.True(faults > 20);
        foreach (FakeBucket bucket in cluster.Buckets)
        {
            Assert.Equal(Enumerable.Range(0, bucket.Produced.Count), bucket.Produced.Select(batch => batch.Sequence));
            Assert.Equal(1000, bucket.Produced.Sum(batch => batch.Rows));
        }

        Assert.Equal(0, writer.Pipeline.BufferedBytes);
    }

    [Fact]
    public async Task No_more_batches_of_a_bucket_than_allowed_wait_for_answers_at_a_time()
    {
        using FakeCluster cluster = new();
        using SemaphoreSlim answers = new(0);
        List<(ScriptedConnection Connection, ScriptedRequest Request)> held = [];
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            lock (held)
            {
                held.Add((connection, request));
            }

            return true;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small with { MaxInFlightPerBucket = 3 });
        await Append(writer, 0, 400);
        Task flush = writer.FlushAsync(Token);
        cluster.Servers[0].WaitFor(requests => requests.Count(request => request.Key == ApiKey.ProduceLog) == 3);
        Assert.Equal(3, client.RequestsInFlight);
        int answered = 0;
        while (!flush.IsCompleted)
        {
            (ScriptedConnection Connection, ScriptedRequest Request)[] waiting;
            lock (held)
            {
                waiting = [.. held.Skip(answered)];
            }

            Assert.True(waiting.Length <= 3);
            if (waiting.Length > 0)
            {
                answered++;
                waiting[0].Connection.Answer(waiting[0].Request, cluster.Produce(0, waiting[0].Request.Read(ProduceLogRequest.Parser)));
            }
        }

        await flush;
        Assert.Equal(400, cluster.Buckets[0].Produced.Sum(batch => batch.Rows));
    }

    [Fact]
    public async Task Appending_waits_while_the_memory_is_used_up_and_can_be_cancelled_meanwhile()
    {
        using FakeCluster cluster = new();
        using ManualResetEventSlim release = new();
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.ProduceLog)
            {
                release.Wait(Token);
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small with { BufferMemory = 8192 });
        long id = 0;
        ValueTask waiting;
        do
        {
            waiting = writer.AppendAsync([id++, Note(id)], Token);
        }
        while (waiting.IsCompleted && id < 100_000);

        Assert.False(waiting.IsCompleted);
        Assert.InRange(writer.Pipeline.BufferedBytes, 8192, 8192 + 1024 + 256);
        using CancellationTokenSource cancellation = new();
        Task cancelled = writer.AppendAsync([-1L, null], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(id - 1, writer.RowsAppended);

        release.Set();
        await waiting;
        await writer.FlushAsync(Token);
        Assert.Equal(id, writer.RowsAcknowledged);
        Assert.Equal(id, cluster.Buckets[0].Produced.Sum(batch => batch.Rows));
        Assert.Equal(0, writer.Pipeline.BufferedBytes);
    }

    [Fact]
    public async Task A_row_that_lingers_is_sent_without_a_flush()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, new AppendWriterOptions { Linger = TimeSpan.FromMilliseconds(20) });
        for (int i = 1; i <= 3; i++)
        {
            await Append(writer, i, 1);
            cluster.Servers[0].WaitFor(requests => requests.Count(request => request.Key == ApiKey.ProduceLog) == i);
        }
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_what_is_appended_after_it_and_stops_waiting_when_cancelled()
    {
        using FakeCluster cluster = new();
        List<(ScriptedConnection Connection, ScriptedRequest Request)> held = [];
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            lock (held)
            {
                held.Add((connection, request));
            }

            return true;
        };
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 1);
        Task first = writer.FlushAsync(Token);
        await Append(writer, 1, 1);
        using CancellationTokenSource cancellation = new();
        Task second = writer.FlushAsync(cancellation.Token);

        // Recorded requests are not enough: the server notes them before it hands them to the script.
        Assert.True(SpinWait.SpinUntil(() => HeldCount() == 2, TimeSpan.FromSeconds(20)));
        held[0].Connection.Answer(held[0].Request, cluster.Produce(0, held[0].Request.Read(ProduceLogRequest.Parser)));
        await first;
        Assert.False(second.IsCompleted);
        Assert.Equal(1, writer.RowsAcknowledged);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        held[1].Connection.Answer(held[1].Request, cluster.Produce(0, held[1].Request.Read(ProduceLogRequest.Parser)));
        await writer.FlushAsync(Token);
        Assert.Equal(2, writer.RowsAcknowledged);

        int HeldCount()
        {
            lock (held)
            {
                return held.Count;
            }
        }
    }

    [Theory]
    [InlineData(10 << 20, 1)]
    [InlineData(1024, 4)]
    public async Task Batches_for_one_server_travel_together_up_to_a_size(int maxRequestBytes, int requests)
    {
        using FakeCluster cluster = new(buckets: 4);
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(
            client, new AppendWriterOptions { BucketAssignment = BucketAssignment.RoundRobin, MaxRequestBytes = maxRequestBytes, Linger = TimeSpan.FromMinutes(1) });

        // Leaders are known from here on.
        await Append(writer, 0, 4);
        await writer.FlushAsync(Token);
        int before = cluster.Servers[0].Count(ApiKey.ProduceLog);
        for (long i = 0; i < 40; i++)
        {
            await writer.AppendAsync([i, string.Join(' ', Enumerable.Range(0, 100).Select(n => n * i * 7919))], Token);
        }

        await writer.FlushAsync(Token);
        Assert.Equal(requests, cluster.Servers[0].Count(ApiKey.ProduceLog) - before);
        Assert.All(cluster.Buckets, bucket => Assert.Equal([1, 10], bucket.Produced.Select(batch => batch.Rows)));
    }

    [Fact]
    public async Task Without_idempotence_a_lost_answer_ends_the_writer_and_its_rows_are_told_as_unknown()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            connection.Close();
            return true;
        };
        using FlussClient client = new(cluster.Options);
        AppendWriter writer = await Open(client, s_small with { EnableIdempotence = false });
        await Append(writer, 0, 5);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => writer.FlushAsync(Token));
        Assert.Equal(FlussErrorCode.NetworkFailure, failure.Code);
        Assert.Contains("AtLeastOnce", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0 are acknowledged, 5 may be in the log or not, and 0 are not in it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Servers[0].Count(ApiKey.ProduceLog));
        Assert.Equal(0, cluster.Servers[0].Count(ApiKey.InitWriter));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Without_idempotence_a_refusal_that_surely_wrote_nothing_is_tried_again_and_so_is_a_lost_answer_at_least_once()
    {
        using FakeCluster cluster = new();
        int requests = 0;
        cluster.Intercept = (server, connection, request) =>
        {
            if (request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            switch (Interlocked.Increment(ref requests))
            {
                case 1:
                    connection.Answer(request, FakeCluster.Refusal(request.Read(ProduceLogRequest.Parser), FlussErrorCode.NotLeaderOrFollower));
                    return true;
                case 3:
                    cluster.Produce(server, request.Read(ProduceLogRequest.Parser));
                    connection.Close();
                    return true;
                default:
                    return false;
            }
        };
        using FlussClient client = new(cluster.Options);
        await using (AppendWriter writer = await Open(client, s_small with { EnableIdempotence = false }))
        {
            await Append(writer, 0, 2);
            await writer.FlushAsync(Token);
        }

        await using (AppendWriter writer = await Open(client, s_small with { EnableIdempotence = false, AtLeastOnce = true }))
        {
            await Append(writer, 0, 3);
            await writer.FlushAsync(Token);
            Assert.Equal(3, writer.RowsAcknowledged);
        }

        Assert.Equal([2, 3, 3], cluster.Buckets[0].Produced.Select(batch => batch.Rows));
        Assert.All(cluster.Buckets[0].Produced, batch => Assert.Equal((-1L, -1), (batch.WriterId, batch.Sequence)));
    }

    [Fact]
    public async Task A_batch_that_is_not_acknowledged_in_time_ends_the_writer_with_the_last_failure()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) => OnProduce(connection, request, produce => FakeCluster.Refusal(produce, FlussErrorCode.StorageFailure));
        using FlussClient client = new(cluster.Options);
        AppendWriter writer = await Open(client, s_small with { DeliveryTimeout = TimeSpan.FromMilliseconds(300) });
        await Append(writer, 0, 5);
        Stopwatch clock = Stopwatch.StartNew();
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => writer.FlushAsync(Token));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));
        Assert.Equal(FlussErrorCode.StorageFailure, failure.Code);
        Assert.Contains("DeliveryTimeout of 0.3 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("5 may be in the log or not", failure.Message, StringComparison.Ordinal);
        Assert.True(cluster.Servers[0].Count(ApiKey.ProduceLog) > 1);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task A_row_that_does_not_fit_is_refused_and_the_writer_goes_on()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small);
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(["text", "note"], Token).AsTask());
        Assert.Contains("column 'id' of table shop.orders", wrong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync([null, "note"], Token).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync([1L], Token).AsTask());
        Assert.Equal(0, writer.RowsAppended);
        await writer.FlushAsync(Token);
        await Append(writer, 0, 2);
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(["text", "note"], Token).AsTask());
        await writer.FlushAsync(Token);
        Assert.Equal(2, Assert.Single(cluster.Buckets[0].Produced).Rows);
    }

    [Fact]
    public async Task A_writer_whose_client_is_disposed_fails_and_holds_nothing()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, _, request) => request.Key == ApiKey.ProduceLog;
        FlussClient client = new(cluster.Options);
        AppendWriter writer = await Open(client, s_small);
        await Append(writer, 0, 5);
        Task flush = writer.FlushAsync(Token);
        cluster.Servers[0].WaitFor(requests => requests.Any(request => request.Key == ApiKey.ProduceLog));
        client.Dispose();
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => flush);
        Assert.Contains("5 may be in the log or not", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, writer.Pipeline.BufferedBytes);
        Assert.Equal(0, client.RequestsInFlight);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Several_threads_may_append_to_one_writer()
    {
        using FakeCluster cluster = new(buckets: 3);
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small with { BufferMemory = 10_000 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Append(writer, part * 1000, 1000)));
        await writer.FlushAsync(Token);
        Assert.Equal(4000, cluster.Buckets.Sum(bucket => bucket.Produced.Sum(batch => batch.Rows)));
        Assert.Equal(4000, writer.RowsAcknowledged);
    }

    [Fact]
    public async Task Rows_that_are_too_much_for_one_request_together_go_in_batches_of_their_own()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small with { BatchBytes = 64 << 10, LargestBatch = 4 << 10 });
        for (int i = 0; i < 10; i++)
        {
            await writer.AppendAsync([(long)i, Noise(i, 1500)], Token);
        }

        await writer.FlushAsync(Token);

        Assert.Equal(10, writer.RowsAcknowledged);
        Assert.Equal([2, 2, 2, 2, 2], cluster.Buckets[0].Produced.Select(batch => batch.Rows));
        Assert.All(cluster.Buckets[0].Produced, batch => Assert.InRange(batch.Bytes.Length, 1, 4 << 10));
    }

    [Fact]
    public async Task A_row_that_no_request_can_hold_is_refused_and_the_writer_goes_on()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await Open(client, s_small with { BatchBytes = 64 << 10, LargestBatch = 4 << 10 });
        await Append(writer, 0, 1);
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendAsync([1L, Noise(1, 10_000)], Token));
        Assert.Contains("table shop.orders", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("4096", refusal.Message, StringComparison.Ordinal);

        // What compresses to less fits.
        await writer.AppendAsync([1L, new string('x', 10_000)], Token);
        await Append(writer, 2, 3);
        await writer.FlushAsync(Token);

        Assert.Equal((5L, 5L), (writer.RowsAppended, writer.RowsAcknowledged));
        Assert.Equal(5, cluster.Buckets[0].Produced.Sum(batch => batch.Rows));
        Assert.Equal(0, writer.Pipeline.BufferedBytes);
    }

    // Nothing that a compressor makes much shorter.
    private static string Noise(int seed, int length) => string.Create(length, new Random(seed), static (text, random) =>
    {
        foreach (ref char character in text)
        {
            character = (char)random.Next(32, 127);
        }
    });

    internal static Task<AppendWriter> Open(FlussClient client, AppendWriterOptions options) => client.OpenAppendWriterAsync(FakeCluster.Path, options, Token);

    internal static async Task Append(AppendWriter writer, int from, int count)
    {
        for (long id = from; id < from + count; id++)
        {
            await writer.AppendAsync([id, Note(id)], Token);
        }
    }

    private static string Note(long id) => $"the note of row {id}";

    private static bool OnProduce(ScriptedConnection connection, ScriptedRequest request, Func<ProduceLogRequest, ProduceLogResponse> answer)
    {
        if (request.Key != ApiKey.ProduceLog)
        {
            return false;
        }

        connection.Answer(request, answer(request.Read(ProduceLogRequest.Parser)));
        return true;
    }
}
