using FlussLake.Client.Metadata;
using FlussLake.Client.Rpc;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

using Polly;

namespace FlussLake.Client;

/// <summary>
/// A client of one Fluss cluster: metadata, offsets, lake snapshots, reading the log, appending to it, and changing the catalog. Safe for concurrent use; meant to live as long as the process needs the cluster,
/// since it keeps one connection for each server that it talked to. It connects at the first call, not before.
/// </summary>
/// <remarks>
/// No call needs a thread-pool thread to finish: sockets, timers and continuations run on threads of the client. Blocking on a returned task is therefore safe on any
/// thread. Continuations of callers who await without a synchronization context run on those threads too, and should not block for long.
/// </remarks>
public sealed partial class FlussClient : IDisposable
{
    private readonly FlussClientOptions _options;
    private readonly IReadOnlyList<ServerAddress> _bootstrap;
    private readonly ServerConnections _connections;
    private readonly ClusterMetadata _metadata = new();
    private readonly ResiliencePipeline _retries;
    private readonly ILogger _logger;
    private readonly LastFailure _lastFailure = new();
    private volatile bool _disposed;

    /// <summary>Creates a client. No connection is opened.</summary>
    /// <param name="options">Where the cluster is.</param>
    /// <param name="loggerFactory">Where to log, or null.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public FlussClient(FlussClientOptions options, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _bootstrap = [.. options.BootstrapServers.Select(ServerAddress.Parse).Distinct()];
        _logger = (ILogger?)loggerFactory?.CreateLogger<FlussClient>() ?? NullLogger.Instance;
        _connections = new ServerConnections(options, _logger);
        _retries = CreateRetries();
    }

    internal FlussClientOptions Options => _options;

    /// <summary>How many requests wait for an answer now.</summary>
    public int RequestsInFlight => _connections.RequestsInFlight;

    /// <summary>What the client waits for at the moment: the servers that owe it answers, and the last failure since then that it tries to get over.</summary>
    /// <param name="since">A timestamp of <see cref="Threading.DedicatedTimeProvider"/>.</param>
    internal string Waiting(long since)
    {
        IReadOnlyList<ServerAddress> busy = _connections.Busy;
        string servers = busy.Count > 0 ? $"asked {string.Join(", ", busy)}" : $"servers {string.Join(", ", _bootstrap)}";
        return _lastFailure.Since(since) is { } failure ? $"{servers}; the last failure: {failure}" : servers;
    }

    /// <summary>Notes a failure that is to be got over.</summary>
    internal void NoteFailure(string message) => _lastFailure.Note(message);

    /// <summary>Closes every connection. Calls that run fail; log scans fail at their next batch, and batches already taken stay valid; writers fail.</summary>
    public void Dispose()
    {
        _disposed = true;
        _connections.Dispose();
    }
}
