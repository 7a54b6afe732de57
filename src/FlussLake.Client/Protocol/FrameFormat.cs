using System.Buffers.Binary;

using Google.Protobuf;

namespace FlussLake.Client.Protocol;

/// <summary>
/// The layout of frames. A request is length (4 bytes), key (2), version (2), id (4) and body; a response is length (4), kind (1), id (4, not for kind 2) and body.
/// Everything is big endian; a length does not count its own four bytes.
/// </summary>
internal static class FrameFormat
{
    public const int LengthSize = 4;
    public const int RequestHeaderSize = 12;
    public const int ResponseIdEnd = 5;

    /// <summary>Serialises a request with room for its header, which is complete once <see cref="WriteRequestHeader"/> ran.</summary>
    public static byte[] Serialize(IMessage body)
    {
        int size = body.CalculateSize();
        byte[] frame = new byte[RequestHeaderSize + size];
        body.WriteTo(frame.AsSpan(RequestHeaderSize));
        return frame;
    }

    public static void WriteRequestHeader(Span<byte> frame, ApiKey key, short version, int requestId)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - LengthSize);
        BinaryPrimitives.WriteInt16BigEndian(frame[4..], (short)key);
        BinaryPrimitives.WriteInt16BigEndian(frame[6..], version);
        BinaryPrimitives.WriteInt32BigEndian(frame[8..], requestId);
    }
}
