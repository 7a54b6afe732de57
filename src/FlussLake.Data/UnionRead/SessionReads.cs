using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Threading;
using FlussLake.Data.Clients;
using FlussLake.Data.Sessions;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Data.UnionRead;

/// <summary>The union reads of one session: its plans, and its leases of clients.</summary>
internal sealed class SessionReads(Session session) : IDisposable
{
    // Lake metadata is immutable, so what one connection has read serves all of the process.
    private static readonly ILakePlanner s_lakePlanner = new PaimonPlanner(new LocalLakeStorage());

    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, ClientLease> _leases = [];
    private readonly PlanCache _plans = new();

    // Tables of which a planned lake file was missing: their next plan looks at all files, so that statements which do not need the missing ones succeed.
    private readonly HashSet<TablePath> _lostFiles = [];
    private bool _disposed;

    /// <summary>
    /// Returns the plan of a reference for a transaction. Blocks the calling thread, which is DuckDB's: what it waits for runs on threads of the client's own.
    /// </summary>
    public UnionReadPlan Plan(ulong transaction, string? first, string? second, string? third)
    {
        TableReference reference = Own(TableReference.Parse(first, second, third, session.Database));
        StatementScope? statement = session.Statement;
        UnionReadPlan whole = _plans.GetOrAdd(transaction, statement, reference with { Half = TableHalf.Both }, () =>
        {
            FlussClient client = Client(reference.Servers);
            UnionReadPlanner planner = new(session, client, s_lakePlanner, TakeLostFiles(reference.Table));
            long start = DedicatedTimeProvider.Instance.GetTimestamp();
            using (new Waiting(statement, () => Messages.PlanOf(reference.Table, client.Waiting(start))))
            {
                return planner.PlanAsync(reference.Table, statement?.Token ?? CancellationToken.None).GetAwaiter().GetResult();
            }
        });

        if (whole.LakeProblem is { } problem && reference.Half != TableHalf.Log)
        {
            throw problem;
        }

        // Both halves come of one capture, so that a statement which names them apart still sees every record once.
        return reference.Half == TableHalf.Both ? whole : _plans.GetOrAdd(transaction, statement, reference, () => whole.Only(reference.Half));
    }

    /// <inheritdoc cref="PlanCache.Counts"/>
    public IReadOnlyList<ReadCounts> Counts => _plans.Counts;

    /// <inheritdoc cref="PlanCache.FindMissingLakeFile"/>
    public (TablePath Table, string File)? FindMissingLakeFile(string error)
    {
        (TablePath Table, string File)? missing = _plans.FindMissingLakeFile(error);
        if (missing is { } gone)
        {
            lock (_gate)
            {
                _lostFiles.Add(gone.Table);
            }
        }

        return missing;
    }

    /// <inheritdoc cref="PlanCache.FindColumnProblem"/>
    public string? FindColumnProblem(string error) => _plans.FindColumnProblem(error);

    /// <summary>Lets go of what a statement planned for itself.</summary>
    public void EndStatement(StatementScope statement) => _plans.EndStatement(statement);

    public void Dispose()
    {
        ClientLease[] leases;
        lock (_gate)
        {
            _disposed = true;
            leases = [.. _leases.Values];
            _leases.Clear();
        }

        _plans.Dispose();
        foreach (ClientLease lease in leases)
        {
            lease.Dispose();
        }
    }

    private bool TakeLostFiles(TablePath table)
    {
        lock (_gate)
        {
            return _lostFiles.Remove(table);
        }
    }

    // Servers of the connection string are the connection's own however they are written, so that every reference to a table shares one plan.
    private TableReference Own(TableReference reference) =>
        reference.Servers is { } servers && servers.Split(',').All(server => session.Settings.BootstrapServers.Contains(server, StringComparer.OrdinalIgnoreCase))
            ? reference with { Servers = null }
            : reference;

    private FlussClient Client(string? servers)
    {
        SessionSettings settings = session.Settings;
        if (servers is null && settings.BootstrapServers.Count == 0)
        {
            throw new FlussLakeException(Messages.NoServers);
        }

        if (servers is not null && !settings.AllowOtherServers)
        {
            throw new FlussLakeException(Messages.OtherServersRefused(servers));
        }

        FetchMemory.Shared.Ask(settings.LogMemory);

        // Credentials go only to the servers of the connection string.
        ClientKey key = servers is null ? new ClientKey(settings.BootstrapServers, settings.UserId, settings.Password) : new ClientKey(servers.Split(','), null, null);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_leases.TryGetValue(key, out ClientLease? lease))
            {
                lease = ClientPool.Lease(key, settings.ConnectionIdleLifetime);
                _leases.Add(key, lease);
            }

            return lease.Client;
        }
    }
}
