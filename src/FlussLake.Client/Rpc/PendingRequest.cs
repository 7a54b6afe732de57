using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Threading;

namespace FlussLake.Client.Rpc;

/// <summary>One request on its way. It ends exactly once: by an answer, by a failure, or because its caller gave it up; what comes later is dropped.</summary>
internal abstract class PendingRequest(ApiKey key, byte[] frame, string subject, long deadline)
{
    private const int Created = 0;
    private const int Started = 1;
    private const int Ended = 2;

    private ConnectionCounters? _counters;
    private int _state;

    public ApiKey Key { get; } = key;

    /// <summary>The serialised request, with room for the header at its start.</summary>
    public byte[] Frame { get; } = frame;

    /// <summary>What the request is about, for messages: <c>table shop.orders</c>.</summary>
    public string Subject { get; } = subject;

    /// <summary>When the request fails for want of an answer, as a time stamp of the dedicated time provider.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>What kind the server must be, or null. Another kind behind the address means that the metadata is stale.</summary>
    public ServerType? RequiredServer { get; init; }

    /// <summary>When the request was given to its connection.</summary>
    public long StartedAt { get; private set; }

    /// <summary>When the request was handed to the socket, or 0.</summary>
    public long SentAt { get; set; }

    public bool HasEnded => Volatile.Read(ref _state) == Ended;

    public void Start(ConnectionCounters counters)
    {
        _counters = counters;
        StartedAt = DedicatedTimeProvider.Instance.GetTimestamp();
        if (Interlocked.CompareExchange(ref _state, Started, Created) == Created)
        {
            counters.Add(1);
        }
    }

    /// <summary>Ends the request. True for the first caller only, who then reports how it ended.</summary>
    public bool TryEnd()
    {
        int before = Interlocked.Exchange(ref _state, Ended);
        if (before == Started)
        {
            _counters!.Add(-1);
        }

        return before != Ended;
    }

    /// <summary>Takes the answer over. Runs on the connection's read thread: short and never blocking. The frame is the request's to dispose.</summary>
    /// <param name="server">Who answered.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="bodyStart">Where the message starts in it.</param>
    public abstract void OnAnswer(ServerAddress server, PooledFrame frame, int bodyStart);

    /// <summary>Takes a failure over. Runs on any thread: short and never blocking.</summary>
    public abstract void OnFailure(FlussException failure);
}
