using Microsoft.Extensions.Logging;

namespace FlussLake.Client.Rpc;

/// <summary>The connections of one client: one for each server, made at first use and made anew after a loss.</summary>
internal sealed class ServerConnections(FlussClientOptions options, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ServerAddress, ServerConnection> _connections = [];
    private readonly ConnectionCounters _counters = new();
    private bool _disposed;

    public int RequestsInFlight => _counters.Requests;

    public bool HasConnected => _counters.HasConnected;

    /// <summary>The connection to a server; where there is none, one that is being opened.</summary>
    public ServerConnection Get(ServerAddress address)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(FlussClient));
            if (!_connections.TryGetValue(address, out ServerConnection? connection) || connection.IsClosed)
            {
                _connections[address] = connection = new ServerConnection(address, options, _counters, logger);
            }

            return connection;
        }
    }

    /// <summary>The servers that have not answered everything that they were asked.</summary>
    public IReadOnlyList<ServerAddress> Busy
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections.Values.Where(connection => connection.IsBusy).Select(connection => connection.Address)];
            }
        }
    }

    public bool IsReady(ServerAddress address)
    {
        lock (_gate)
        {
            return _connections.TryGetValue(address, out ServerConnection? connection) && connection.IsReady;
        }
    }

    public void Dispose()
    {
        ServerConnection[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _connections.Values];
            _connections.Clear();
        }

        foreach (ServerConnection connection in open)
        {
            connection.Close(RpcErrors.Lost(connection.Address, "the client was disposed."));
        }
    }
}
