using System.Buffers.Binary;
using System.Net.Sockets;

using FlussLake.Client;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>A connection that sends frames as they are given and waits for answers on the calling thread.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket;
    private int _lastId;

    /// <summary>Connects.</summary>
    /// <param name="address">The server.</param>
    /// <param name="receiveBuffer">What the system may take over before it is read, in bytes; null for what it finds best.</param>
    public Wire(string address, int? receiveBuffer = null)
    {
        string[] parts = address.Split(':');
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000, SendTimeout = 20_000, NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            _socket.ReceiveBufferSize = bytes;
        }

        _socket.Connect(parts[0], int.Parse(parts[1], null));
    }

    /// <summary>A connection to one of a server's tablet servers.</summary>
    public static Wire ToTablet(EmbeddedFluss fluss, int id = 0) => ToTablet(fluss.BootstrapServers, id);

    /// <summary>A connection to a tablet server of the cluster that an address belongs to.</summary>
    public static Wire ToTablet(string address, int id = 0)
    {
        using Wire coordinator = new(address);
        MetadataResponse servers = coordinator.Call(ApiKey.Metadata, new MetadataRequest(), MetadataResponse.Parser);
        return new Wire($"127.0.0.1:{servers.TabletServers.Single(server => server.NodeId == id).Port}");
    }

    /// <summary>Sends a request and waits for the next answer.</summary>
    /// <exception cref="FlussException">The server refused; the code is the server's.</exception>
    public T Call<T>(ApiKey key, IMessage body, MessageParser<T> parser)
        where T : IMessage<T>
    {
        int id = Send(key, body);
        WireAnswer answer = Receive() ?? throw new InvalidOperationException($"The server closed the connection instead of answering {key}.");
        Assert.Equal(id, answer.Id);
        return answer.Read(parser);
    }

    public int Send(ApiKey key, IMessage body)
    {
        byte[] frame = FrameFormat.Serialize(body);
        FrameFormat.WriteRequestHeader(frame, key, 0, ++_lastId);
        SendRaw(frame);
        return _lastId;
    }

    public void SendRaw(params ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>The next answer, or null where the server has closed the connection.</summary>
    public WireAnswer? Receive()
    {
        byte[] length = new byte[4];
        if (!TryFill(length))
        {
            return null;
        }

        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        Assert.True(TryFill(frame), "The server closed the connection inside of a frame.");
        ResponseKind kind = (ResponseKind)frame[0];
        return kind == ResponseKind.ServerFailure
            ? new WireAnswer(kind, null, frame[1..])
            : new WireAnswer(kind, BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)), frame[5..]);
    }

    /// <summary>Reads until the server closes the connection.</summary>
    /// <returns>The number of bytes.</returns>
    public long Drain()
    {
        byte[] bytes = new byte[1 << 16];
        long read = 0;
        try
        {
            for (int got = _socket.Receive(bytes); got > 0; got = _socket.Receive(bytes))
            {
                read += got;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // The end as well.
        }

        return read;
    }

    public void Dispose() => _socket.Dispose();

    private bool TryFill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read;
            try
            {
                read = _socket.Receive(bytes);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                return false;
            }

            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
        }

        return true;
    }
}
