using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

/// <summary>Answers that stop in the middle or arrive damaged: another time they may be whole, and what stays damaged is an error.</summary>
public sealed class DamagedAnswerTests
{
    private const int Always = 1_000_000;

    // Kinds of answers that there are not.
    // The second reading of a damaged batch is left without an answer.
    private static void DamageFirstAnswerAndLeaveTheSecond(FakeCluster cluster)
    {
        int fetches = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog && ++fetches == 1)
            {
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, Flipped(cluster, position: 100), 6));
            }

            return request.Key == ApiKey.FetchLog;
        };
    }

    private static readonly byte[] s_noise = [0, 0, 0, 6, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(600)]
    public void A_scan_goes_on_over_a_new_connection_where_the_server_stops_in_the_middle_of_an_answer(int sent)
    {
        using FakeCluster cluster = SixBatches();
        ScriptedConnection? stalled = null;
        int fetches = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (stalled is null && request.Key == ApiKey.FetchLog && ++fetches == 3)
            {
                stalled = connection;
                connection.SendRaw(ScriptedConnection.Frame(0, request.Id, FakeCluster.FetchAnswer(42, 0, cluster.Buckets[0].Batches[2].Bytes, 6)).AsSpan(0, sent));
            }

            return connection == stalled;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024, RequestTimeout = TimeSpan.FromSeconds(4) });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));

        Assert.Equal([0, 1, 2, 2, 3, 4, 5], FetchOffsets(cluster));
        Assert.Equal(2, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public async Task Calls_that_wait_behind_half_an_answer_are_made_again_over_a_new_connection()
    {
        ScriptedConnection? stalled = null;
        using ScriptedServer server = new((connection, request) =>
        {
            stalled ??= connection;
            if (connection != stalled)
            {
                connection.Answer(request, new ListDatabasesResponse { DatabaseName = { "shop" } });
            }
            else
            {
                connection.SendRaw(0, 0, 0, 100, 0);
            }
        });
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address], RequestTimeout = TimeSpan.FromSeconds(4), MaxRetries = 1 });

        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task Half_an_answer_is_noticed_although_its_caller_gave_up()
    {
        using ScriptedServer server = new((connection, _) => connection.SendRaw(0, 0, 0, 100, 0));
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address], RequestTimeout = TimeSpan.FromSeconds(1), MaxRetries = 0 });
        using CancellationTokenSource impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<IReadOnlyList<string>> call = client.ListDatabasesAsync(impatient.Token);
        server.WaitFor(requests => requests.Any(request => request.Key == ApiKey.ListDatabases));
        ServerConnection connection = client.Connections.Get(ServerAddress.Parse(server.Address));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.True(SpinWait.SpinUntil(() => connection.IsClosed, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void An_answer_that_comes_slowly_is_no_stall()
    {
        using FakeCluster cluster = SixBatches();
        using ManualResetEventSlim never = new();
        TimeSpan time = TimeSpan.FromSeconds(2);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key != ApiKey.FetchLog)
            {
                return false;
            }

            byte[] frame = ScriptedConnection.Frame(0, request.Id, FakeCluster.FetchAnswer(42, 0, cluster.Buckets[0].Read(0, 1 << 20), 6));
            foreach (byte[] piece in frame.Chunk((frame.Length / 8) + 1))
            {
                // All pieces together take longer than a stall may, and each of them a fraction of it.
                connection.SendRaw(piece);
                never.Wait(time / 12, Token);
            }

            return true;
        };
        using FlussClient client = new(cluster.Options with { RequestTimeout = time });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));
        Assert.Equal(1, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public void A_damaged_frame_during_a_scan_costs_the_connection_but_no_row()
    {
        using FakeCluster cluster = SixBatches();
        Damage(cluster, times: 2, from: 3, static (connection, _) => connection.SendRaw(s_noise));
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));
        Assert.Equal([0, 1, 2, 2, 2, 3, 4, 5], FetchOffsets(cluster));
        Assert.Equal(3, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public void An_answer_that_is_no_message_is_asked_for_again()
    {
        using FakeCluster cluster = SixBatches();
        Damage(cluster, times: 2, from: 2, static (connection, request) => connection.Answer(request, [0x0A, 0xFF]));
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));
        Assert.Equal(1, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public void Frames_that_stay_damaged_end_the_scan_with_an_error_that_counts_them()
    {
        using FakeCluster cluster = SixBatches();
        Damage(cluster, Always, from: 3, static (connection, _) => connection.SendRaw(s_noise));
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        FlussException failure = Assert.Throws<FlussException>(() => Offsets(scan));

        Assert.Equal(FlussErrorCode.CorruptMessage, failure.Code);
        Assert.Contains("table shop.orders, bucket 0, offset 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("damaged answer number 3 in a row", failure.Message, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 2, 2], FetchOffsets(cluster));
    }

    [Fact]
    public void A_batch_that_is_damaged_once_is_read_again_and_stands_in_its_place()
    {
        using FakeCluster cluster = SixBatches();
        Damage(cluster, times: 1, from: 1, (connection, request) => connection.Answer(request, FakeCluster.FetchAnswer(42, 0, Flipped(cluster, position: 100), 6)));
        using FlussClient client = new(cluster.Options);
        LogScanOptions options = cluster.Scan(new LogRange(cluster.Bucket(0), 0, 6));
        using LogScan scan = client.OpenLogScan(options);

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));
        Assert.Equal([0, 2], FetchOffsets(cluster));
        Assert.Equal(0, options.Memory.ReservedBytes);
    }

    [Fact]
    public void A_batch_whose_header_is_damaged_once_is_read_again()
    {
        using FakeCluster cluster = SixBatches();
        Damage(cluster, times: 1, from: 1, (connection, request) => connection.Answer(request, FakeCluster.FetchAnswer(42, 0, Flipped(cluster, position: 12), 6)));
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());

        Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(scan));
    }

    [Fact]
    public void Disposing_a_scan_ends_its_second_reading()
    {
        using FakeCluster cluster = SixBatches();
        DamageFirstAnswerAndLeaveTheSecond(cluster);
        using FlussClient client = new(cluster.Options);
        LogScanOptions options = cluster.ScanAll();
        LogScan scan = client.OpenLogScan(options);
        Thread disposer = new(() =>
        {
            cluster.Servers[0].WaitFor(requests => requests.Count(request => request.Key == ApiKey.FetchLog) == 2);
            scan.Dispose();
        });
        disposer.Start();

        Assert.Throws<OperationCanceledException>(() => Offsets(scan));
        disposer.Join();
        Assert.Equal(0, options.Memory.ReservedBytes);
        Assert.Equal(0, client.RequestsInFlight);
    }

    [Fact]
    public void Cancelling_a_second_reading_leaves_no_scan_that_lacks_its_rows()
    {
        using FakeCluster cluster = SixBatches();
        DamageFirstAnswerAndLeaveTheSecond(cluster);
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        using CancellationTokenSource cancellation = new();
        Thread canceller = new(() =>
        {
            cluster.Servers[0].WaitFor(requests => requests.Count(request => request.Key == ApiKey.FetchLog) == 2);
            cancellation.Cancel();
        });
        canceller.Start();

        Assert.ThrowsAny<OperationCanceledException>(() => Offsets(scan, cancellation.Token));
        canceller.Join();
        Assert.Contains("batch at offset 2 is damaged", Assert.Throws<FlussException>(() => scan.TryTake(out _, Token)).Message, StringComparison.Ordinal);
    }

    private static FakeCluster SixBatches()
    {
        FakeCluster cluster = new();
        for (int i = 0; i < 6; i++)
        {
            cluster.Buckets[0].Append(1, payload: 900);
        }

        return cluster;
    }

    private static void Damage(FakeCluster cluster, int times, int from, Action<ScriptedConnection, ScriptedRequest> answer)
    {
        int fetches = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            bool damaged = request.Key == ApiKey.FetchLog && ++fetches >= from && fetches < from + times;
            if (damaged)
            {
                answer(connection, request);
            }

            return damaged;
        };
    }

    // All batches, with a bit flipped in the third one.
    private static byte[] Flipped(FakeCluster cluster, int position)
    {
        byte[] all = cluster.Buckets[0].Read(0, 1 << 20);
        all[(2 * cluster.Buckets[0].Batches[0].Bytes.Length) + position] ^= 8;
        return all;
    }

    private static List<long> Offsets(LogScan scan, CancellationToken? cancellationToken = null)
    {
        List<long> offsets = [];
        while (scan.TryTake(out LogScanBatch? batch, cancellationToken ?? Token))
        {
            using (batch)
            {
                offsets.AddRange(Enumerable.Range(batch.FirstRow, batch.RowCount).Select(row => batch.Header.BaseOffset + row));
            }
        }

        return offsets;
    }

    private static IEnumerable<long> FetchOffsets(FakeCluster cluster) => cluster.Servers[0].Requests.Where(request => request.Key == ApiKey.FetchLog)
        .Select(request => request.Read(FetchLogRequest.Parser).TablesReq[0].BucketsReq[0].FetchOffset);
}
