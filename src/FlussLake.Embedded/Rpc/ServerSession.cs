using System.Net.Sockets;

using FlussLake.Client;

namespace FlussLake.Embedded.Rpc;

/// <summary>
/// One connection, with a thread that reads and serves requests and one that writes answers: neither needs the thread pool, whose threads callers may all hold.
/// Reading pauses while too many requests or bytes wait to be answered, so that a client that does not read cannot fill the memory.
/// </summary>
internal sealed partial class ServerSession
{
    // What is read and thrown away of a client that is given up.
    private const int MaxDrainedBytes = 1 << 20;

    private readonly Socket _socket;
    private readonly ServerNode _node;
    private readonly RequestDispatch _dispatch;
    private readonly Action<ServerSession> _ended;
    private readonly Thread _reader;
    private readonly Thread _writer;
    private int _running = 2;

    public ServerSession(Socket socket, ServerNode node, RequestDispatch dispatch, Action<ServerSession> ended)
    {
        _socket = socket;
        _node = node;
        _dispatch = dispatch;
        _ended = ended;
        _reader = new Thread(Read) { IsBackground = true, Name = $"embedded Fluss {node.Role} {node.Id} reader" };
        _writer = new Thread(Write) { IsBackground = true, Name = $"embedded Fluss {node.Role} {node.Id} writer" };
    }

    /// <summary>Whether the client has proved who it is, or need not.</summary>
    public bool IsAuthenticated { get; set; }

    public void Start()
    {
        _reader.UnsafeStart();
        _writer.UnsafeStart();
    }

    /// <summary>Closes the connection at once; answers that were not written are lost.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _outgoing.Clear();
            Monitor.PulseAll(_gate);
        }

        try
        {
            // Wakes the threads that are inside of the socket.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }

        _socket.Dispose();
    }

    /// <summary>Waits until both threads have ended; the connection must be closed.</summary>
    public void Join()
    {
        _reader.Join();
        _writer.Join();
    }

    private void Read()
    {
        try
        {
            Serve();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is gone: there is nobody to tell.
        }
        finally
        {
            CloseAfterWriting();
            ThreadEnded();
        }
    }

    private void Serve()
    {
        RequestReader requests = new(bytes => _socket.Receive(bytes));
        try
        {
            while (requests.Read() is { } frame && AwaitRoom())
            {
                _dispatch.Serve(this, _node, frame);
            }
        }
        catch (FormatException exception)
        {
            GiveUp(exception.Message);
        }
    }

    // Until both threads have ended the listener knows the connection, and closes it when it stops: one that writes may wait for its client without end.
    private void ThreadEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended(this);
        }
    }

    private void GiveUp(string why)
    {
        // Closing with bytes unread would reset the connection, and the client might not see why.
        byte[] rest = new byte[4096];
        for (int read = 0; read < MaxDrainedBytes && _socket.Available > 0;)
        {
            read += _socket.Receive(rest);
        }

        Send(ResponseFrame.Failure(FlussErrorCode.UnknownServerError, why), isLast: true);
    }
}
