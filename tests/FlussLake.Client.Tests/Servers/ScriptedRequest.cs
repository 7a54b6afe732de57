using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Tests.Servers;

/// <summary>One request as a server received it.</summary>
internal sealed record ScriptedRequest(ApiKey Key, short Version, int Id, byte[] Body)
{
    public T Read<T>(MessageParser<T> parser)
        where T : IMessage<T> => parser.ParseFrom(Body);
}
