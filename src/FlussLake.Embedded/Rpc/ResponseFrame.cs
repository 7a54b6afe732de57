using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Rpc;

/// <summary>Builds whole response frames; see <see cref="FrameFormat"/> for their layout.</summary>
internal static class ResponseFrame
{
    private const int HeaderSize = 9;

    /// <summary>Where the body of a response with an id starts.</summary>
    public const int BodyStart = HeaderSize;

    public static byte[] Success(int requestId, IMessage body) => WithId(ResponseKind.Success, requestId, body);

    public static byte[] Error(int requestId, FlussErrorCode code, string message) => WithId(ResponseKind.RequestError, requestId, Describe(code, message));

    /// <summary>The last frame of a connection that the server gives up.</summary>
    public static byte[] Failure(FlussErrorCode code, string message)
    {
        ErrorResponse body = Describe(code, message);
        byte[] frame = new byte[5 + body.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameFormat.LengthSize);
        frame[4] = (byte)ResponseKind.ServerFailure;
        body.WriteTo(frame.AsSpan(5));
        return frame;
    }

    private static ErrorResponse Describe(FlussErrorCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private static byte[] WithId(ResponseKind kind, int requestId, IMessage body)
    {
        byte[] frame = new byte[HeaderSize + body.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameFormat.LengthSize);
        frame[4] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), requestId);
        body.WriteTo(frame.AsSpan(HeaderSize));
        return frame;
    }
}
