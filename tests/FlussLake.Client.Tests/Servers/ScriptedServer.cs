using System.Net;
using System.Net.Sockets;

using FlussLake.Client.Protocol;

namespace FlussLake.Client.Tests.Servers;

/// <summary>A server on a port of its own that does what a test says. It runs on threads of its own, so that it also answers while the thread pool is blocked.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly object _gate = new();
    private readonly List<ScriptedRequest> _requests = [];
    private readonly List<ScriptedConnection> _connections = [];
    private bool _disposed;

    public ScriptedServer(Action<ScriptedConnection, ScriptedRequest>? onRequest = null)
    {
        OnRequest = onRequest ?? ((_, _) => { });
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(Accept) { IsBackground = true, Name = "scripted server" }.UnsafeStart();
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What happens with every request but ApiVersions; runs on the thread of the connection.</summary>
    public Action<ScriptedConnection, ScriptedRequest> OnRequest { get; set; }

    /// <summary>What happens with ApiVersions; unless set, every key is offered with version 0.</summary>
    public Action<ScriptedConnection, ScriptedRequest>? OnApiVersions { get; set; }

    public int? ServerType { get; set; } = 2;

    public int ConnectionCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>The requests so far, ApiVersions included.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public int Count(ApiKey key) => Requests.Count(request => request.Key == key);

    /// <summary>Waits until the requests so far fulfil a condition.</summary>
    public void WaitFor(Func<IReadOnlyList<ScriptedRequest>, bool> condition)
    {
        lock (_gate)
        {
            while (!condition(_requests))
            {
                Assert.True(Monitor.Wait(_gate, TimeSpan.FromSeconds(10)), "The server waits in vain for a request.");
            }
        }
    }

    /// <summary>Closes every connection; the port stays open.</summary>
    public void CloseConnections()
    {
        ScriptedConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        foreach (ScriptedConnection connection in connections)
        {
            connection.Close();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _listener.Dispose();
        CloseConnections();
    }

    public static ApiVersionsResponse AllVersions(int? serverType)
    {
        ApiVersionsResponse response = new();
        foreach (ApiKey key in Enum.GetValues<ApiKey>())
        {
            response.ApiVersions.Add(new PbApiVersion { ApiKey = (int)key, MinVersion = 0, MaxVersion = 0 });
        }

        if (serverType is { } type)
        {
            response.ServerType = type;
        }

        return response;
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            ScriptedConnection connection = new(socket);
            bool disposed;
            lock (_gate)
            {
                disposed = _disposed;
                _connections.Add(connection);
                Monitor.PulseAll(_gate);
            }

            if (disposed)
            {
                connection.Close();
                return;
            }

            new Thread(() => Serve(connection)) { IsBackground = true, Name = "scripted connection" }.UnsafeStart();
        }
    }

    private void Serve(ScriptedConnection connection)
    {
        while (connection.TryRead(out ScriptedRequest? request))
        {
            if (request!.Key == ApiKey.ApiVersions)
            {
                Record(request);
                if (OnApiVersions is null)
                {
                    connection.Answer(request, AllVersions(ServerType));
                }
                else
                {
                    OnApiVersions(connection, request);
                }
            }
            else
            {
                Record(request);
                OnRequest(connection, request);
            }
        }

        connection.Close();
    }

    private void Record(ScriptedRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
            Monitor.PulseAll(_gate);
        }
    }
}
