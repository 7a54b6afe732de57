using System.Text;

using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Client.Tests;

public sealed class AuthenticationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static FlussClient Connect(ScriptedServer server, int retries = 0) => new(new FlussClientOptions
    {
        BootstrapServers = [server.Address],
        UserId = "ann",
        Password = "hunter2",
        MaxRetries = retries,
        RequestTimeout = TimeSpan.FromSeconds(10),
    });

    private static void Serve(ScriptedConnection connection, ScriptedRequest request, Func<AuthenticateRequest, FlussErrorCode> check)
    {
        if (request.Key != ApiKey.Authenticate)
        {
            connection.Answer(request, new ListDatabasesResponse { DatabaseName = { "shop" } });
            return;
        }

        FlussErrorCode code = check(request.Read(AuthenticateRequest.Parser));
        if (code == FlussErrorCode.None)
        {
            connection.Answer(request, new AuthenticateResponse { Challenge = ByteString.Empty });
        }
        else
        {
            connection.Refuse(request, code, "bad credentials hunter2");
        }
    }

    [Fact]
    public async Task User_and_password_are_sent_as_the_mechanism_PLAIN_before_anything_else()
    {
        AuthenticateRequest? sent = null;
        using ScriptedServer server = new((connection, request) => Serve(connection, request, authenticate =>
        {
            sent = authenticate;
            return FlussErrorCode.None;
        }));
        using FlussClient client = Connect(server);
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal([ApiKey.ApiVersions, ApiKey.Authenticate, ApiKey.ListDatabases], server.Requests.Select(request => request.Key));
        Assert.Equal("PLAIN", sent!.Protocol);
        Assert.Equal("\0ann\0hunter2", Encoding.UTF8.GetString(sent.Token.Span));
    }

    [Fact]
    public async Task A_refusal_names_server_and_user_but_never_the_password_and_is_not_tried_again()
    {
        using ScriptedServer server = new((connection, request) => Serve(connection, request, _ => FlussErrorCode.AuthenticationFailed));
        using FlussClient client = Connect(server, retries: 5);
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Equal(FlussErrorCode.AuthenticationFailed, failure.Code);
        Assert.Contains(server.Address, failure.Message, StringComparison.Ordinal);
        Assert.Contains("'ann'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("bad credentials", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_refusal_that_the_server_calls_passing_is_tried_again_on_the_same_connection()
    {
        int asked = 0;
        using ScriptedServer server = new((connection, request) => Serve(
            connection, request, _ => ++asked < 3 ? FlussErrorCode.RetriableAuthentication : FlussErrorCode.None));
        using FlussClient client = Connect(server);
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
        Assert.Equal(3, asked);
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_server_without_authentication_is_used_without_it()
    {
        using ScriptedServer server = new((connection, request) => Serve(
            connection, request, authenticate => authenticate.Protocol == "PLAINTEXT" ? FlussErrorCode.None : FlussErrorCode.AuthenticationFailed));
        using FlussClient client = Connect(server);
        Assert.Equal(["shop"], await client.ListDatabasesAsync(Token));
    }

    [Fact]
    public async Task A_challenge_after_the_token_is_a_refusal()
    {
        using ScriptedServer server = new((connection, request) => connection.Answer(request, new AuthenticateResponse { Challenge = ByteString.CopyFromUtf8("more") }));
        using FlussClient client = Connect(server);
        Assert.Equal(FlussErrorCode.AuthenticationFailed, (await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token))).Code);
    }

    [Fact]
    public async Task Without_a_user_nothing_is_authenticated_and_a_refusal_says_what_to_set()
    {
        using ScriptedServer server = new((connection, request) => connection.Refuse(request, FlussErrorCode.AuthenticationFailed, "not authenticated"));
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [server.Address] });
        FlussException failure = await Assert.ThrowsAsync<FlussException>(() => client.ListDatabasesAsync(Token));
        Assert.Contains("set UserId and Password", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Count(ApiKey.Authenticate));
    }
}
