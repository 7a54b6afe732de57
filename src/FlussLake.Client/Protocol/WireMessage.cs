using Google.Protobuf;

namespace FlussLake.Client.Protocol;

/// <summary>Reads whole messages. The generated parsers leave out what this does: that every required field is there.</summary>
internal static class WireMessage
{
    /// <summary>Reads a message.</summary>
    /// <param name="parser">The message's parser.</param>
    /// <param name="bytes">The message's bytes.</param>
    /// <returns>The message, with all of its required fields.</returns>
    /// <exception cref="FormatException">The bytes are no such message.</exception>
    public static T Read<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes)
        where T : IMessage<T>
    {
        T message;
        try
        {
            message = parser.ParseFrom(bytes);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException)
        {
            // ArgumentException: text that is not UTF-8.
            throw new FormatException($"The bytes are no {typeof(T).Name}: {exception.Message}", exception);
        }

        return RequiredFields.AreSet(message) ? message : throw new FormatException($"A required field of {message.Descriptor.Name} is missing.");
    }
}
