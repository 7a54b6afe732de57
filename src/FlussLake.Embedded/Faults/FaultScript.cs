using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>
/// What is to go wrong: for tests of clients. A fault waits for the next request that it is about and is used up with it, or after as many as <c>times</c> says; faults for the
/// same request come in the order in which they were added, one a request. Handshakes are spared unless a fault names them.
/// </summary>
public sealed partial class FaultScript
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private readonly List<BucketFault> _bucketFaults = [];
    private readonly List<BucketFault> _corruptions = [];
    private TableCatalog? _catalog;
    private BucketLogs? _logs;
    private IReadOnlyList<ServerListener> _listeners = [];
    private int _servers;

    internal FaultScript()
    {
    }

    /// <summary>Forgets all faults that are still to come.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
            _bucketFaults.Clear();
            _corruptions.Clear();
        }
    }

    /// <summary>The number of faults that are still to come: each counts as one, however often it may.</summary>
    public int Left
    {
        get
        {
            lock (_gate)
            {
                return _faults.Count(fault => fault.IsLeft) + _bucketFaults.Concat(_corruptions).Count(fault => fault.IsLeft);
            }
        }
    }

    private TableCatalog Catalog => _catalog ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>Names the tables, logs and connections that scripts are about.</summary>
    internal void Attach(TableCatalog catalog, BucketLogs logs, IReadOnlyList<ServerListener> listeners, int servers) =>
        (_catalog, _logs, _listeners, _servers) = (catalog, logs, listeners, servers);

    /// <summary>The fault of a request, or null.</summary>
    internal Fault? Take(ApiKey key)
    {
        lock (_gate)
        {
            foreach (Fault fault in _faults)
            {
                if (fault.TryTake(key))
                {
                    _faults.RemoveAll(static entry => !entry.IsLeft);
                    return fault;
                }
            }

            return null;
        }
    }

    /// <summary>Refuses what is asked of a bucket where the script says so.</summary>
    internal void ThrowFor(ApiKey key, TableBucket bucket)
    {
        lock (_gate)
        {
            if (_bucketFaults.Count == 0)
            {
                return;
            }

            foreach (BucketFault fault in _bucketFaults)
            {
                if (fault.TryTake(key, bucket))
                {
                    _bucketFaults.RemoveAll(static entry => !entry.IsLeft);
                    throw new FlussException(fault.Message, fault.Code);
                }
            }
        }
    }

    /// <summary>Damages records that are about to be answered where the script says so.</summary>
    internal void Damage(TableBucket bucket, byte[] records)
    {
        if (records.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_corruptions.Exists(fault => fault.TryTake(ApiKey.FetchLog, bucket)))
            {
                _corruptions.RemoveAll(static entry => !entry.IsLeft);
                records[^1] ^= 0xFF;
            }
        }
    }

    private void Add(Fault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }
}
