using FlussLake.Client;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Faults;
using FlussLake.Embedded.Lake;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Rpc;
using FlussLake.Embedded.State;
using FlussLake.Embedded.Tiering;

using Microsoft.Extensions.Logging;

namespace FlussLake.Embedded;

/// <summary>What a running server is made of. Started and stopped as one: what was opened is closed in the opposite order, also where a start fails half way.</summary>
internal sealed class ServerParts : IDisposable
{
    private readonly ILogger _logger;
    private readonly Stack<IDisposable> _open = new();
    private readonly Lock _gate = new();
    private bool _disposed;

    private ServerParts(EmbeddedFlussOptions options)
    {
        _logger = options.LoggerFactory.CreateLogger<EmbeddedFluss>();
        Folders = Opened(ServerFolders.Open(options));
    }

    public ServerFolders Folders { get; }

    public FaultScript Faults { get; } = new();

    public BucketLogs Logs { get; } = new();

    /// <summary>The coordinator's listener, then those of the tablet servers.</summary>
    public List<ServerListener> Listeners { get; } = [];

    public TableCatalog Catalog { get; private set; } = null!;

    public LakeSnapshots LakeSnapshots { get; private set; } = null!;

    public static ServerParts Start(EmbeddedFlussOptions options)
    {
        ServerParts parts = new(options);
        try
        {
            parts.Open(options);
            return parts;
        }
        catch (Exception exception) when (exception is FlussException or IOException or UnauthorizedAccessException)
        {
            parts.Dispose();
            throw new EmbeddedFlussException(
                $"The server cannot start with its data in {parts.Folders.DataDirectory ?? "memory"}: {exception.Message} Make sure that there is room and that everything in it may be written.", exception);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        while (_open.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }

    private void Open(EmbeddedFlussOptions options)
    {
        StateStore store = Opened(StateStore.Open(Folders.StateFile));
        StateWriter writer = Opened(new StateWriter(store, _logger));
        Catalog = new TableCatalog(new CatalogContext
        {
            Store = store,
            Writer = writer,
            Logs = Logs,
            Lake = new PaimonCatalog(Folders.Warehouse),
            Time = options.TimeProvider,
            DefaultBucketCount = options.DefaultBucketCount,
            Servers = options.TabletServers,
            LakeProperties = new Dictionary<string, string>
            {
                ["table.datalake.paimon.metastore"] = "filesystem",
                ["table.datalake.paimon.warehouse"] = Folders.Warehouse,
            },
        });
        StateReading.Run(Folders.StateFile, Catalog.Load);
        Faults.Attach(Catalog, Logs, Listeners, options.TabletServers);
        LakeSnapshots = new LakeSnapshots(store, writer, Catalog, Folders.Remote);
        LakeSnapshots.Sweep();
        Listen(options, store, writer);
    }

    private void Listen(EmbeddedFlussOptions options, StateStore store, StateWriter writer)
    {
        Authentication authentication = new(options.Users);
        ApiSet coordinator = new(ServerRole.Coordinator);
        ApiSet tablets = new(ServerRole.TabletServer);
        CatalogService catalog = new(Catalog);
        LakeService lake = new(LakeSnapshots, Catalog);
        MetadataService metadata = new(Catalog, Logs, () => [.. Listeners.Select(listener => (listener.Node, listener.Port))]);
        foreach (ApiSet apis in (ReadOnlySpan<ApiSet>)[coordinator, tablets])
        {
            catalog.RegisterReading(apis);
            lake.RegisterReading(apis);
            metadata.Register(apis);
        }

        catalog.RegisterChanging(coordinator);
        lake.RegisterChanging(coordinator);
        new LogService(Logs, Catalog, writer, Faults, options.TimeProvider).Register(tablets);

        KnownPorts ports = null!;
        StateReading.Run(Folders.StateFile, () => ports = new KnownPorts(store, writer));
        // Tablet servers count from 0, so the coordinator's id is one that none of them has.
        Bind(ports, new ServerNode(ServerRole.Coordinator, -1), options.Port, new RequestDispatch(coordinator, authentication, Faults, _logger));
        for (int id = 0; id < options.TabletServers; id++)
        {
            Bind(ports, new ServerNode(ServerRole.TabletServer, id), 0, new RequestDispatch(tablets, authentication, Faults, _logger));
        }

        ports.Save(Listeners);
        foreach (ServerListener listener in Listeners)
        {
            listener.Start();
        }

        EmbeddedLog.Started(_logger, string.Join(", ", Listeners.Select(listener => $"127.0.0.1:{listener.Port}")), Folders.DataDirectory ?? "memory");
    }

    private void Bind(KnownPorts ports, ServerNode node, int port, RequestDispatch dispatch)
    {
        ServerListener? listener = port != 0
            ? ServerListener.TryBind(node, port, dispatch) ?? throw new EmbeddedFlussException($"Port {port} of 127.0.0.1 is taken: stop what listens there, or choose another port.")
            : (ports.Find(node) is { } known ? ServerListener.TryBind(node, known, dispatch) : null) ?? ServerListener.TryBind(node, 0, dispatch)
                ?? throw new EmbeddedFlussException("No free port of 127.0.0.1 could be bound.");
        Listeners.Add(Opened(listener));
    }

    private T Opened<T>(T part)
        where T : IDisposable
    {
        _open.Push(part);
        return part;
    }
}
