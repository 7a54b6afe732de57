using FlussLake.Client;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>One response frame.</summary>
internal sealed record WireAnswer(ResponseKind Kind, int? Id, byte[] Body)
{
    public ErrorResponse Error => ErrorResponse.Parser.ParseFrom(Body);

    public T Read<T>(MessageParser<T> parser)
        where T : IMessage<T> => Kind == ResponseKind.Success ? parser.ParseFrom(Body) : throw new FlussException(Error.ErrorMessage, (FlussErrorCode)Error.ErrorCode);
}
