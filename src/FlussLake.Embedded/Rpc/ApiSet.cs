using System.Diagnostics.CodeAnalysis;

using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Rpc;

/// <summary>The requests that one kind of server serves, and what serves them.</summary>
internal sealed class ApiSet(ServerRole role)
{
    private readonly Dictionary<ApiKey, Action<Call>> _handlers = [];

    /// <summary>Serves a request whose answer is there at once. Exceptions become error answers.</summary>
    public ApiSet Serve<TRequest>(ApiKey key, MessageParser<TRequest> parser, Func<TRequest, IMessage> handler)
        where TRequest : IMessage<TRequest>
    {
        _handlers.Add(key, call => call.Answer(handler(WireMessage.Read(parser, call.Body.Span))));
        return this;
    }

    /// <summary>Serves a request that is answered later or that depends on the server asked.</summary>
    public ApiSet ServeCall<TRequest>(ApiKey key, MessageParser<TRequest> parser, Action<TRequest, Call> handler)
        where TRequest : IMessage<TRequest>
    {
        _handlers.Add(key, call => handler(WireMessage.Read(parser, call.Body.Span), call));
        return this;
    }

    public bool TryFind(ApiKey key, [NotNullWhen(true)] out Action<Call>? handler) => _handlers.TryGetValue(key, out handler);

    /// <summary>What ApiVersions answers: every key that is served, each at version 0 only.</summary>
    public ApiVersionsResponse Versions()
    {
        ApiVersionsResponse response = new() { ServerType = (int)role };
        foreach (ApiKey key in _handlers.Keys.Append(ApiKey.ApiVersions).Append(ApiKey.Authenticate).Order())
        {
            response.ApiVersions.Add(new PbApiVersion { ApiKey = (int)key, MinVersion = 0, MaxVersion = 0 });
        }

        return response;
    }
}
