using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Rpc;

/// <summary>Reads the messages that answers hold.</summary>
internal static class AnswerBody
{
    /// <summary>Reads a message.</summary>
    /// <param name="parser">The message's parser.</param>
    /// <param name="body">The message's bytes.</param>
    /// <param name="key">The request, for the error.</param>
    /// <param name="subject">What the request is about, for the error.</param>
    /// <param name="server">Who answered, for the error.</param>
    /// <returns>The message.</returns>
    /// <exception cref="FlussException"><see cref="FlussErrorCode.CorruptMessage"/>: the bytes are no such message.</exception>
    public static T Read<T>(MessageParser<T> parser, ReadOnlySpan<byte> body, ApiKey key, string subject, ServerAddress server)
        where T : IMessage<T>
    {
        try
        {
            return WireMessage.Read(parser, body);
        }
        catch (FormatException exception)
        {
            throw RpcErrors.UnreadableAnswer(key, subject, server, exception);
        }
    }
}
