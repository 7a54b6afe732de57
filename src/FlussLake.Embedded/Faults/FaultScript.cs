using FlussLake.Client;
using FlussLake.Client.Protocol;

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
        }
    }

    /// <summary>The number of faults that are still to come: each counts as one, however often it may.</summary>
    public int Left
    {
        get
        {
            lock (_gate)
            {
                return _faults.Count(fault => fault.IsLeft) + _bucketFaults.Count(fault => fault.IsLeft);
            }
        }
    }

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

    private void Add(Fault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }
}
