using System.Buffers.Binary;

using FlussLake.Client.Protocol;

namespace FlussLake.Client.Rpc;

/// <summary>The head of an answer frame, and the bytes that follow it.</summary>
internal readonly ref struct AnswerFrame
{
    private AnswerFrame(ResponseKind kind, int id, ReadOnlySpan<byte> body)
    {
        Kind = kind;
        Id = id;
        Body = body;
    }

    public ResponseKind Kind { get; }

    /// <summary>The request that it answers; 0 where the server gave up on the connection.</summary>
    public int Id { get; }

    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Reads the head of a frame.</summary>
    /// <param name="server">Who sent it.</param>
    /// <param name="bytes">The frame without its length, at least one byte.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="FlussException">The kind is not known, or the frame ends inside of its head.</exception>
    public static AnswerFrame Read(ServerAddress server, ReadOnlySpan<byte> bytes)
    {
        ResponseKind kind = (ResponseKind)bytes[0];
        if (kind == ResponseKind.ServerFailure)
        {
            return new AnswerFrame(kind, 0, bytes[1..]);
        }

        return kind is ResponseKind.Success or ResponseKind.RequestError && bytes.Length >= FrameFormat.ResponseIdEnd
            ? new AnswerFrame(kind, BinaryPrimitives.ReadInt32BigEndian(bytes[1..]), bytes[FrameFormat.ResponseIdEnd..])
            : throw RpcErrors.NotTheProtocol(server, $"it sent an answer of kind {(byte)kind} with {bytes.Length} bytes.");
    }
}
