using System.Buffers.Binary;
using System.Net.Sockets;

using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Tests.Servers;

/// <summary>The server's end of one connection. Answers may be written from any thread.</summary>
internal sealed class ScriptedConnection(Socket socket)
{
    private readonly Lock _gate = new();

    public void Answer(ScriptedRequest request, IMessage body) => Answer(request, body.ToByteArray());

    public void Answer(ScriptedRequest request, byte[] body) => SendRaw(Frame(0, request.Id, body));

    public void Refuse(ScriptedRequest request, FlussErrorCode code, string message = "scripted") =>
        SendRaw(Frame(1, request.Id, new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message }.ToByteArray()));

    public void GiveUp(FlussErrorCode code, string message) =>
        SendRaw(Frame(2, null, new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message }.ToByteArray()));

    public void SendRaw(params ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            try
            {
                while (bytes.Length > 0)
                {
                    bytes = bytes[socket.Send(bytes)..];
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The client is gone.
            }
        }
    }

    public void Close()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    public static byte[] Frame(byte kind, int? id, byte[] body)
    {
        int header = id is null ? 1 : 5;
        byte[] frame = new byte[4 + header + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, header + body.Length);
        frame[4] = kind;
        if (id is { } value)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), value);
        }

        body.CopyTo(frame.AsSpan(4 + header));
        return frame;
    }

    public bool TryRead(out ScriptedRequest? request)
    {
        request = null;
        byte[] length = new byte[4];
        if (!TryFill(length))
        {
            return false;
        }

        byte[] rest = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        if (!TryFill(rest))
        {
            return false;
        }

        request = new ScriptedRequest(
            (ApiKey)BinaryPrimitives.ReadInt16BigEndian(rest), BinaryPrimitives.ReadInt16BigEndian(rest.AsSpan(2)), BinaryPrimitives.ReadInt32BigEndian(rest.AsSpan(4)), rest[8..]);
        return true;
    }

    private bool TryFill(Span<byte> target)
    {
        try
        {
            while (target.Length > 0)
            {
                int received = socket.Receive(target);
                if (received == 0)
                {
                    return false;
                }

                target = target[received..];
            }

            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
