using System.Diagnostics;
using System.Net.Sockets;
using FlussLake.Cluster.Tests.Access;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>
/// A running Fluss cluster in a folder of its own under the temp folder. It ends with this object, or with the test process, however that ends: a small shell waits
/// on a pipe that only this process holds, and stops the cluster and removes the folder when the pipe closes.
/// </summary>
public sealed class KitCluster : IDisposable
{
    // Nothing of the cluster is wanted any more, so its servers need no time to end in order.
    private const string EndAll = """
        trap '' INT TERM HUP
        read -r _ || true
        pids="$(cat "$1"/run/*.pid 2>/dev/null)"
        for file in "$1"/run/*.pid; do "$0" kill "$1" "$(basename "$file" .pid)"; done >/dev/null 2>&1
        for pid in $pids; do for i in $(seq 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done; done
        "$0" stop "$1" >/dev/null 2>&1
        rm -rf -- "$1"
        """;

    private const string StopOnly = """
        trap '' INT TERM HUP
        read -r _ || true
        "$0" stop "$1" >/dev/null 2>&1
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _keeper;
    private readonly List<Lab> _labs = [];
    private readonly Lock _restarts = new();
    private long _coordinatorErrors;
    private Lab? _lab;
    private bool _disposed;

    private KitCluster(string folder, KitOptions options, Process keeper)
    {
        Folder = folder;
        Options = options;
        _keeper = keeper;
    }

    public string Folder { get; }

    public KitOptions Options { get; }

    public int Port { get; private set; }

    /// <summary>The address for a connection string.</summary>
    public string Servers => $"127.0.0.1:{Port}";

    public string Warehouse => Path.Combine(Folder, "warehouse");

    /// <summary>The cluster's own lab: as many processes as tests run at once.</summary>
    public Lab Lab
    {
        get
        {
            lock (_labs)
            {
                return _lab ??= StartLab(processes: 2);
            }
        }
    }

    /// <summary>Starts a cluster and waits until its servers listen. Without a kit the test that asks is skipped, or fails on a build server.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="keepIn">A folder that stays, with what tables it holds already; null for a new one that goes with the cluster.</param>
    public static KitCluster Start(KitOptions options, string? keepIn = null)
    {
        KitLocation.Require();
        string folder = keepIn is null ? Directory.CreateTempSubdirectory("flusslake-").FullName : Directory.CreateDirectory(keepIn).FullName;
        KitCluster cluster = new(folder, options, StartKeeper(folder, keepIn is null ? EndAll : StopOnly));
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                cluster.Port = FreePorts.ForCluster(options.Tablets);
                try
                {
                    Script.Run(KitLocation.ClusterScript, s_patience, ["start", folder, .. options.ToArguments(cluster.Port)]);
                    return cluster;
                }
                catch (InvalidOperationException) when (attempt < 4)
                {
                    // Somebody else took one of the ports in between.
                    Script.Run(KitLocation.ClusterScript, s_patience, "stop", folder);
                    if (keepIn is null)
                    {
                        Directory.Delete(Path.Combine(folder, "data"), recursive: true);
                    }
                }
            }
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>One more lab, for work that must not wait for the first one's.</summary>
    public Lab StartLab(int processes = 1)
    {
        Lab lab = new(Folder, processes, () => LabProcess.Start(Folder, Options.User, Options.Password));
        lock (_labs)
        {
            _labs.Add(lab);
        }

        return lab;
    }

    /// <summary>How far a table without partitions could be read from this cluster's disk alone, over all of its buckets: the ends that the servers note every few seconds.</summary>
    public long NotedEnd(LabTable table)
    {
        long end = 0;
        foreach (string tablet in Directory.GetDirectories(Path.Combine(Folder, "data"), "tablet-*"))
        {
            string database = Path.Combine(tablet, table.Database);
            string notes = Path.Combine(tablet, "high-watermark-checkpoint");
            if (!Directory.Exists(database) || !File.Exists(notes))
            {
                continue;
            }

            HashSet<string> ids = [.. Directory.GetDirectories(database, table.Name + "-*").Select(folder => folder[(folder.LastIndexOf('-') + 1)..])];
            end += File.ReadAllLines(notes).Select(line => line.Split(' ')).Where(note => note.Length == 3 && ids.Contains(note[0])).Sum(note => long.Parse(note[2], null));
        }

        return end;
    }

    /// <summary>Sends a signal to one of the servers: KILL, STOP, CONT.</summary>
    public void Signal(string server, string signal) => Script.Run(KitLocation.ClusterScript, s_patience, "kill", Folder, server, signal);

    /// <summary>Starts the coordinator again where it has said since its last start that it cannot tell the servers of anything new.</summary>
    public void RestartStuckCoordinator()
    {
        lock (_restarts)
        {
            string log = Path.Combine(Folder, "log", "coordinator.log");
            long errors = File.ReadLines(log).LongCount(static line => line.Contains("is not empty while creating a new one", StringComparison.Ordinal));
            if (errors > _coordinatorErrors)
            {
                _coordinatorErrors = errors;

                // In order: after a KILL the next one would have to wait until ZooKeeper gives the dead one up.
                Signal("coordinator", "TERM");
                if (!Eventually.True(() => !IsListening(Port), s_patience))
                {
                    throw new LabException("The coordinator does not end.");
                }

                Restart("coordinator");
            }
        }
    }

    /// <summary>Starts a killed server again and waits until it listens.</summary>
    public void Restart(string server) => Script.Run(KitLocation.ClusterScript, s_patience, "restart", Folder, server);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (Lab lab in _labs)
        {
            lab.Dispose();
        }

        _keeper.StandardInput.Close();
        if (!_keeper.WaitForExit(s_patience))
        {
            throw new InvalidOperationException($"The cluster in {Folder} did not stop within {s_patience}.");
        }

        _keeper.Dispose();
    }

    private static bool IsListening(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Process StartKeeper(string folder, string program)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(KitLocation.ClusterScript);
        start.ArgumentList.Add(folder);
        return Process.Start(start)!;
    }
}
