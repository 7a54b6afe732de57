using FlussLake.Client.Buffers;

namespace FlussLake.Client.Log;

/// <summary>
/// A budget in bytes for log data that is fetched before anybody asks for it. A scan that has nothing under way and nothing buffered always gets one more request, even
/// above the limit, so that readers who pause never stop others; a limit of zero thus means no read-ahead.
/// </summary>
public sealed class FetchMemory
{
    /// <summary>The limit of <see cref="Shared"/> until another is asked for: 64 MiB.</summary>
    public const long DefaultLimit = 64L << 20;

    private readonly Lock _gate = new();
    private readonly HashSet<LogScan> _waiting = [];
    private long _limit;
    private long _reserved;
    private bool _asked;

    /// <summary>Creates a budget of its own.</summary>
    /// <param name="limit">The limit in bytes.</param>
    public FetchMemory(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _limit = limit;
    }

    /// <summary>The budget of the process.</summary>
    public static FetchMemory Shared { get; } = new(DefaultLimit);

    /// <summary>The number of buffers for responses, and for batches on their way to servers, that the process has in use now.</summary>
    public static int FramesInUse => FramePool.Shared.Rented;

    /// <summary>The limit in bytes.</summary>
    public long Limit
    {
        get
        {
            lock (_gate)
            {
                return _limit;
            }
        }
    }

    /// <summary>The bytes that are reserved now: what requests under way may bring, and the buffers of batches that are not disposed yet.</summary>
    public long ReservedBytes
    {
        get
        {
            lock (_gate)
            {
                return _reserved;
            }
        }
    }

    /// <summary>Asks for a limit. The largest limit ever asked for holds; the first one replaces the one that the budget was created with.</summary>
    /// <param name="bytes">The limit in bytes.</param>
    public void Ask(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            _limit = _asked ? Math.Max(_limit, bytes) : bytes;
            _asked = true;
        }

        Release(0);
    }

    /// <summary>Reserves bytes. Where they are not to be had, the scan is remembered, and pumped when bytes come back.</summary>
    internal bool TryReserve(long bytes, bool always, LogScan scan)
    {
        lock (_gate)
        {
            if (!always && _reserved + bytes > _limit)
            {
                _waiting.Add(scan);
                return false;
            }

            _reserved += bytes;
            return true;
        }
    }

    /// <summary>Changes a reservation whose real size is known now, without asking.</summary>
    internal void Adjust(long bytes)
    {
        lock (_gate)
        {
            _reserved += bytes;
        }
    }

    /// <summary>Gives bytes back and wakes the scans that wait. Not to be called under a scan's gate.</summary>
    internal void Release(long bytes)
    {
        LogScan[] woken;
        lock (_gate)
        {
            _reserved -= bytes;
            if (_waiting.Count == 0 || _reserved >= _limit)
            {
                return;
            }

            woken = [.. _waiting];
            _waiting.Clear();
        }

        foreach (LogScan scan in woken)
        {
            scan.Pump();
        }
    }

    internal void Forget(LogScan scan)
    {
        lock (_gate)
        {
            _waiting.Remove(scan);
        }
    }
}
