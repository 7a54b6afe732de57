using System.Net;
using System.Net.Sockets;

namespace FlussLake.Embedded.Rpc;

/// <summary>One server's port on 127.0.0.1: accepts connections on a thread of its own until it is disposed.</summary>
internal sealed class ServerListener : IDisposable
{
    // More is no use of a server for tests and demos, and each connection has two threads.
    private const int MaxSessions = 1000;

    private readonly Socket _listener;
    private readonly ServerNode _node;
    private readonly RequestDispatch _dispatch;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly HashSet<ServerSession> _sessions = [];
    private bool _disposed;

    private ServerListener(Socket listener, ServerNode node, RequestDispatch dispatch)
    {
        _listener = listener;
        _node = node;
        _dispatch = dispatch;
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _thread = new Thread(Accept) { IsBackground = true, Name = $"embedded Fluss {node.Role} {node.Id}" };
    }

    public int Port { get; }

    public ServerNode Node => _node;

    /// <summary>What serves the requests that arrive.</summary>
    public RequestDispatch Dispatch => _dispatch;

    /// <summary>Binds a port without accepting connections yet.</summary>
    /// <param name="node">The server.</param>
    /// <param name="port">The port, or 0 for any free one.</param>
    /// <param name="dispatch">What serves its requests.</param>
    /// <returns>The listener, or null where the port is taken.</returns>
    public static ServerListener? TryBind(ServerNode node, int port, RequestDispatch dispatch)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return new ServerListener(socket, node, dispatch);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Start() => _thread.UnsafeStart();

    /// <summary>Closes the connections that are open now.</summary>
    public void CutConnections()
    {
        ServerSession[] open;
        lock (_gate)
        {
            open = [.. _sessions];
        }

        foreach (ServerSession session in open)
        {
            session.Close();
        }
    }

    public void Dispose()
    {
        ServerSession[] open;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            open = [.. _sessions];
        }

        _listener.Dispose();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            return;
        }

        _thread.Join();
        foreach (ServerSession session in open)
        {
            session.Close();
        }

        foreach (ServerSession session in open)
        {
            session.Join();
        }
    }

    private void Accept()
    {
        while (true)
        {
            Socket? socket = null;
            try
            {
                socket = _listener.Accept();
                socket.NoDelay = true;
            }
            catch (SocketException) when (!Volatile.Read(ref _disposed))
            {
                // A client that went away between its connect and our accept, or no room for another socket: then there is nothing to hurry for.
                socket?.Dispose();
                Thread.Sleep(1);
                continue;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                socket?.Dispose();
                return;
            }

            ServerSession session = new(socket, _node, _dispatch, Forget);
            lock (_gate)
            {
                if (_disposed || _sessions.Count >= MaxSessions)
                {
                    socket.Dispose();
                    continue;
                }

                _sessions.Add(session);
                session.Start();
            }
        }
    }

    private void Forget(ServerSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
        }
    }
}
