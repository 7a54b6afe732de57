using System.Net;
using System.Net.Sockets;

using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Tests.Servers;
using FlussLake.Client.Threading;

namespace FlussLake.Client.Tests;

public sealed class ConnectionTests
{
    private static readonly ListDatabasesResponse s_shop = new() { DatabaseName = { "shop" } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static FlussClient Connect(ScriptedServer server, Func<FlussClientOptions, FlussClientOptions>? change = null)
    {
        FlussClientOptions options = new() { BootstrapServers = [server.Address], RequestTimeout = TimeSpan.FromSeconds(10), MaxRetries = 0 };
        return new FlussClient(change?.Invoke(options) ?? options);
    }

    [Fact]
    public async Task No_connection_is_opened_before_the_first_call_and_one_serves_all_calls()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, s_shop));
        using FlussClient client = Connect(server);
        Assert.Equal(0, server.ConnectionCount);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        }

        Assert.Equal(1, server.ConnectionCount);
        Assert.Equal(1, server.Count(ApiKey.ApiVersions));
        Assert.Equal(0, client.RequestsInFlight);
    }

    [Fact]
    public async Task Answers_may_come_in_any_order()
    {
        List<ScriptedRequest> held = [];
        using ScriptedServer server = new();
        server.OnRequest = (connection, request) =>
        {
            held.Add(request);
            if (held.Count == 3)
            {
                foreach (ScriptedRequest one in Enumerable.Reverse(held))
                {
                    string asked = one.Read(ListTablesRequest.Parser).DatabaseName;
                    connection.Answer(one, new ListTablesResponse { TableName = { $"table of {asked}" } });
                }
            }
        };
        using FlussClient client = Connect(server);
        Task<IReadOnlyList<string>>[] calls = [.. new[] { "a", "b", "c" }.Select(name => client.ListTablesAsync(name, Token))];
        Assert.Equal(["table of a"], await calls[0]);
        Assert.Equal(["table of b"], await calls[1]);
        Assert.Equal(["table of c"], await calls[2]);
    }

    [Fact]
    public async Task A_silent_server_makes_the_call_time_out_and_the_next_call_connects_anew()
    {
        bool silent = true;
        using ScriptedServer server = new();
        server.OnRequest = (connection, request) =>
        {
            if (!silent)
            {
                connection.Answer(request, s_shop);
            }
        };
        using FlussClient client = Connect(server, options => options with { RequestTimeout = TimeSpan.FromSeconds(1) });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.RequestTimeout, failure.Code);
        Assert.Contains(server.Address, failure.Message, StringComparison.Ordinal);
        Assert.Contains("ListDatabases", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, client.RequestsInFlight);

        silent = false;
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task A_silent_server_is_noticed_although_callers_give_up_before_their_deadlines()
    {
        ScriptedConnection? first = null;
        using ScriptedServer server = new();
        server.OnRequest = (connection, request) =>
        {
            first ??= connection;
            if (connection != first)
            {
                connection.Answer(request, s_shop);
            }
        };
        using FlussClient client = Connect(server, options => options with { RequestTimeout = TimeSpan.FromSeconds(1) });
        using CancellationTokenSource impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<IReadOnlyList<string>> call = client.ListDatabasesAsync(impatient.Token);
        server.WaitFor(requests => requests.Any(request => request.Key == ApiKey.ListDatabases));
        ServerAddress address = ServerAddress.Parse(server.Address);
        Assert.True(client.Connections.IsReady(address));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        // When the request's time is over nobody waits for it any more.
        Assert.True(SpinWait.SpinUntil(() => !client.Connections.IsReady(address), TimeSpan.FromSeconds(20)));
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task A_request_that_had_hardly_any_time_does_not_close_the_connection()
    {
        using ScriptedServer server = new();
        server.OnRequest = (connection, request) =>
        {
            if (request.Key == ApiKey.DatabaseExists)
            {
                connection.Answer(request, new DatabaseExistsResponse { Exists = true });
            }
        };
        using FlussClient client = Connect(server);
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        TaskRequest<ListDatabasesResponse> hopeless = new(
            ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser, "the cluster", DedicatedTimeProvider.Instance.GetTimestamp());

        client.Connections.Get(ServerAddress.Parse(server.Address)).Send(hopeless);

        Assert.Equal(FlussErrorCode.RequestTimeout, (await Assert.ThrowsAsync<FlussException>(() => hopeless.Task)).Code);
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task An_answer_after_the_time_out_is_dropped_and_the_connection_lives()
    {
        using ManualResetEventSlim timedOut = new();
        using ScriptedServer server = new();
        ScriptedRequest? late = null;
        server.OnRequest = (connection, request) =>
        {
            if (request.Key == ApiKey.ListDatabases)
            {
                late = request;
            }
            else if (late is not null && !timedOut.IsSet)
            {
                // Something else arrives meanwhile, so that the connection is not given up as dead.
                connection.Answer(request, new DatabaseExistsResponse { Exists = true });
                timedOut.Wait(Token);
                connection.Answer(late, s_shop);
            }
            else
            {
                connection.Answer(request, new DatabaseExistsResponse { Exists = true });
            }
        };
        using FlussClient client = Connect(server, options => options with { RequestTimeout = TimeSpan.FromMilliseconds(500) });
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        Task<IReadOnlyList<string>> call = client.ListDatabasesAsync(Token);
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => call);
        Assert.Equal(FlussErrorCode.RequestTimeout, failure.Code);
        timedOut.Set();
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task Half_a_frame_and_a_close_fail_everything_in_flight_as_a_lost_connection()
    {
        using ScriptedServer server = new();
        int seen = 0;
        server.OnRequest = (connection, _) =>
        {
            if (++seen == 2)
            {
                connection.SendRaw(0, 0, 0, 100, 0, 0, 0);
                connection.Close();
            }
        };
        using FlussClient client = Connect(server);
        Task<IReadOnlyList<string>> first = client.ListTablesAsync("a", Token);
        Task<IReadOnlyList<string>> second = client.ListTablesAsync("b", Token);
        foreach (Task<IReadOnlyList<string>> call in new[] { first, second })
        {
            FlussException failure = await Assert.ThrowsAsync<FlussException>(() => call);
            Assert.Equal(FlussErrorCode.NetworkFailure, failure.Code);
            Assert.True(failure.IsTransient);
            Assert.Contains("in the middle of an answer", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0u)]
    [InlineData(0x48545450u)]
    public async Task A_hostile_length_ends_the_connection_without_memory_being_taken(uint length)
    {
        using ScriptedServer server = new((connection, _) =>
            connection.SendRaw((byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0, 0, 0, 0, 0));
        using FlussClient client = Connect(server);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.CorruptMessage, failure.Code);
        Assert.Contains($"{server.Address} does not speak the Fluss protocol", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_above_the_limit_that_was_set_is_refused()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, new byte[70_000]));
        using FlussClient client = Connect(server, options => options with { MaxResponseBytes = 64 << 10, MaxFetchBytes = 4096 });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Contains("70005 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_request_that_was_never_sent_ends_the_connection()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request with { Id = request.Id + 1000 }, s_shop));
        using FlussClient client = Connect(server);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.CorruptMessage, failure.Code);
        Assert.Contains("never sent", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_without_a_request_id_fails_everything_in_flight()
    {
        int seen = 0;
        using ScriptedServer server = new((connection, _) =>
        {
            if (++seen == 2)
            {
                connection.GiveUp(FlussErrorCode.RecordTooLarge, "frame too large");
            }
        });
        using FlussClient client = Connect(server);
        Task<IReadOnlyList<string>> first = client.ListTablesAsync("a", Token);
        Task<IReadOnlyList<string>> second = client.ListTablesAsync("b", Token);
        foreach (Task<IReadOnlyList<string>> call in new[] { first, second })
        {
            FlussException failure = await Assert.ThrowsAsync<FlussException>(() => call);
            Assert.Equal(FlussErrorCode.RecordTooLarge, failure.Code);
            Assert.Contains("frame too large", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FlussErrorCode.DatabaseNotExist)]
    [InlineData((FlussErrorCode)4711)]
    public async Task An_error_of_the_server_keeps_its_code_and_names_request_subject_and_server(FlussErrorCode code)
    {
        using ScriptedServer server = new((connection, request) => connection.Refuse(request, code, "no such thing"));
        using FlussClient client = Connect(server);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListTablesAsync("shop", Token));
        Assert.Equal(code, failure.Code);
        Assert.False(failure.IsTransient);
        Assert.Contains("ListTables of database shop", failure.Message, StringComparison.Ordinal);
        Assert.Contains(server.Address, failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such thing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_message_fails_its_call_only()
    {
        using ScriptedServer server = new((connection, request) =>
        {
            if (request.Key == ApiKey.ListDatabases)
            {
                connection.Answer(request, [0x0A, 0xFF]);
            }
            else
            {
                connection.Answer(request, new DatabaseExistsResponse { Exists = true });
            }
        });
        using FlussClient client = Connect(server);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.CorruptMessage, failure.Code);
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_while_idle_is_replaced_without_notice()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, s_shop));
        using FlussClient client = Connect(server, options => options with { MaxRetries = 3 });
        await client.ListDatabasesAsync(Token);
        server.CloseConnections();
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task A_retriable_error_is_tried_again_and_others_are_not()
    {
        int asked = 0;
        using ScriptedServer server = new((connection, request) =>
        {
            if (++asked < 3)
            {
                connection.Refuse(request, FlussErrorCode.StorageFailure);
            }
            else
            {
                connection.Answer(request, s_shop);
            }
        });
        using FlussClient client = Connect(server, options => options with { MaxRetries = 5 });
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(3, asked);

        server.OnRequest = (connection, request) => connection.Refuse(request, FlussErrorCode.InvalidTable);
        await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(4, server.Count(ApiKey.ListDatabases));
    }

    [Fact]
    public async Task Retries_end_at_their_number()
    {
        using ScriptedServer server = new((connection, request) => connection.Refuse(request, FlussErrorCode.StorageFailure));
        using FlussClient client = Connect(server, options => options with { MaxRetries = 2 });
        Assert.Equal(FlussErrorCode.StorageFailure, (await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token))).Code);
        Assert.Equal(3, server.Count(ApiKey.ListDatabases));
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_offer_is_not_sent()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, s_shop))
        {
            OnApiVersions = (connection, request) => connection.Answer(
                request, new ApiVersionsResponse { ApiVersions = { new PbApiVersion { ApiKey = (int)ApiKey.ListDatabases, MinVersion = 0, MaxVersion = 7 } } }),
        };
        using FlussClient client = Connect(server);
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListTablesAsync("shop", Token));
        Assert.Equal(FlussErrorCode.UnsupportedVersion, failure.Code);
        Assert.Equal(0, server.Count(ApiKey.ListTables));
    }

    [Fact]
    public async Task Cancelling_a_call_ends_it_and_leaves_the_connection_usable()
    {
        ScriptedRequest? held = null;
        using ScriptedServer server = new();
        server.OnRequest = (connection, request) =>
        {
            if (request.Key == ApiKey.ListDatabases)
            {
                held = request;
                return;
            }

            // The late answer first.
            connection.Answer(held!, s_shop);
            connection.Answer(request, new DatabaseExistsResponse { Exists = true });
        };
        using FlussClient client = Connect(server);
        using CancellationTokenSource cancellation = new();
        Task<IReadOnlyList<string>> call = client.ListDatabasesAsync(cancellation.Token);
        server.WaitFor(requests => requests.Any(request => request.Key == ApiKey.ListDatabases));
        cancellation.Cancel();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.Equal(0, client.RequestsInFlight);
        Assert.True(await client.DatabaseExistsAsync("shop", Token));
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_server_that_accepts_but_never_answers_is_given_up_within_the_time_to_connect()
    {
        using ScriptedServer server = new() { OnApiVersions = (_, _) => { } };
        using FlussClient client = Connect(server, options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.NetworkFailure, failure.Code);
        Assert.Contains($"Cannot connect to {server.Address}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootstrap_servers_are_tried_in_turn()
    {
        using ScriptedServer stuck = new() { OnApiVersions = (_, _) => { } };
        using ScriptedServer good = new((connection, request) => connection.Answer(request, s_shop));
        using FlussClient client = Connect(good, options => options with
        {
            BootstrapServers = [$"127.0.0.1:{ClosedPort()}", stuck.Address, good.Address],
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
        });
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));

        // The second call went straight to the server that answered.
        Assert.Equal(1, stuck.ConnectionCount);
    }

    [Fact]
    public async Task When_every_server_fails_each_is_named_with_its_cause()
    {
        string closed = $"127.0.0.1:{ClosedPort()}";
        using ScriptedServer stuck = new() { OnApiVersions = (_, _) => { } };
        using FlussClient client = Connect(stuck, options => options with { BootstrapServers = [closed, stuck.Address], ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.NetworkFailure, failure.Code);
        Assert.Contains(closed, failure.Message, StringComparison.Ordinal);
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(stuck.Address, failure.Message, StringComparison.Ordinal);
        Assert.Contains("not ready within 0.1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_the_client_ends_the_calls_that_run_and_refuses_new_ones()
    {
        using ScriptedServer server = new();
        FlussClient client = Connect(server, options => options with { MaxRetries = 5 });
        Task<IReadOnlyList<string>> call = client.ListDatabasesAsync(Token);
        server.WaitFor(requests => requests.Any(request => request.Key == ApiKey.ListDatabases));
        client.Dispose();
        await Assert.ThrowsAsync<FlussException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ListDatabasesAsync(Token));
    }

    [Fact]
    public async Task Continuations_that_block_do_not_hold_up_other_calls()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, s_shop));
        using FlussClient client = Connect(server);
        using ManualResetEventSlim release = new();
        List<Task> blocked = [];
        for (int i = 0; i < 12; i++)
        {
            blocked.Add(client.ListDatabasesAsync(Token).ContinueWith(
                _ => release.Wait(Token), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        }

        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        release.Set();
        await Task.WhenAll(blocked);
    }

    private static int ClosedPort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
