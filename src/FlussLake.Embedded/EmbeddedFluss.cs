using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Faults;
using FlussLake.Embedded.Lake;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded;

/// <summary>
/// A single-node Fluss inside the process: a coordinator and one or more tablet servers on 127.0.0.1 that speak the wire protocol of Fluss 0.9, so that every client of Fluss can
/// use it. It has log tables, not yet tables with a primary key. Several run side by side. An append that was acknowledged survives the end of the process, however that ends.
/// It keeps everything that was appended until the table or partition is dropped, and knows no permissions: it is for quick starts, tests and demos.
/// </summary>
public sealed partial class EmbeddedFluss : IAsyncDisposable
{
    private readonly ServerParts _parts;

    private EmbeddedFluss(ServerParts parts)
    {
        _parts = parts;
        _tiering = new TableTiering(parts.Catalog, parts.Logs, parts.LakeSnapshots, parts.Folders.Warehouse);
    }

    /// <summary>The coordinator's address as <c>host:port</c>: what clients take as bootstrap servers.</summary>
    public string BootstrapServers => $"127.0.0.1:{_parts.Listeners[0].Port}";

    /// <summary>The folder that keeps the state, as a full path; null where it is in memory.</summary>
    public string? DataDirectory => _parts.Folders.DataDirectory;

    /// <summary>The root of the Paimon warehouse with the lake halves of tables, as a full path.</summary>
    public string LakeWarehouse => _parts.Folders.Warehouse;

    /// <summary>What is to go wrong with requests to this server: for tests of clients.</summary>
    public FaultScript Faults => _parts.Faults;

    internal TableCatalog Catalog => _parts.Catalog;

    internal BucketLogs Logs => _parts.Logs;

    internal LakeSnapshots LakeSnapshots => _parts.LakeSnapshots;

    /// <summary>Starts a server. It listens when the task completes; the work is done on the calling thread, so that no free thread of the pool is needed.</summary>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <param name="ct">Checked before anything is done.</param>
    /// <returns>The running server. Dispose it to stop it: what it keeps in a data directory stays.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="EmbeddedFlussException">The data directory is in use, damaged or of a newer version, or the port is taken.</exception>
    public static Task<EmbeddedFluss> StartAsync(EmbeddedFlussOptions? options = null, CancellationToken ct = default)
    {
        options ??= new EmbeddedFlussOptions();
        options.Validate();
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(new EmbeddedFluss(ServerParts.Start(options)));
    }

    /// <summary>
    /// Stops the server: ends its rounds of tiering, closes its connections, ends its threads and lets go of its files. Requests that are in progress are not answered, and a round that
    /// is not committing yet fails, with nothing of it in the lake. The work is done on the calling thread.
    /// </summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        _rounds.Dispose();
        _parts.Dispose();
        return ValueTask.CompletedTask;
    }
}
