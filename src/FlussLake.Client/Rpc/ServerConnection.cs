using System.Net.Sockets;

using FlussLake.Client.Protocol;
using FlussLake.Client.Threading;

using Microsoft.Extensions.Logging;

namespace FlussLake.Client.Rpc;

/// <summary>
/// One connection to one server: many requests at a time, answers in any order. It connects when it is made; requests wait until it is ready. Once closed, for whatever
/// reason, it stays closed and another one takes its place.
/// </summary>
/// <remarks>
/// Two threads of its own: one connects and reads with a blocking socket, so that large frames land in their buffers without a copy; one writes, so that a server that
/// stops reading holds up nobody but this connection. <see cref="Send"/> never blocks.
/// </remarks>
internal sealed partial class ServerConnection
{
    // A server that does not answer for less than this is not silent yet: requests may be given hardly any time.
    private static readonly TimeSpan s_shortestSilence = TimeSpan.FromMilliseconds(100);

    private readonly FlussClientOptions _options;
    private readonly ConnectionCounters _counters;
    private readonly ILogger _logger;
    private readonly DedicatedTimeProvider _time = DedicatedTimeProvider.Instance;

    // Guards everything below; the writer waits on it.
    private readonly object _gate = new();
    private readonly Queue<PendingRequest> _unsent = new();

    // Also holds requests that were given up, until their late answers arrive.
    private readonly Dictionary<int, PendingRequest> _sent = [];
    private readonly ITimer _deadlines;
    private readonly ITimer _opening;
    private long _nextDeadline = long.MaxValue;
    private int _nextId;
    private Socket? _socket;
    private ApiVersionTable? _versions;
    private ServerType? _serverType;
    private FlussException? _closed;

    // When bytes last arrived. Written by the read thread only.
    private long _lastReceived;

    // Since when the read thread waits for more of an answer that has begun, or 0. Written by the read thread only.
    private long _insideSince;

    public ServerConnection(ServerAddress address, FlussClientOptions options, ConnectionCounters counters, ILogger logger)
    {
        Address = address;
        _options = options;
        _counters = counters;
        _logger = logger;
        _frames = new FrameReader(address, options.MaxResponseBytes, ReceiveSome);
        _deadlines = _time.CreateTimer(static state => ((ServerConnection)state!).FailOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _opening = _time.CreateTimer(static state => ((ServerConnection)state!).FailOpening(), this, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        new Thread(RunReader) { IsBackground = true, Name = $"FlussLake read {address}" }.UnsafeStart();
    }

    public ServerAddress Address { get; }

    public bool IsClosed => Volatile.Read(ref _closed) is not null;

    /// <summary>Whether requests wait for an answer.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _unsent.Any(request => !request.HasEnded) || _sent.Values.Any(request => !request.HasEnded);
            }
        }
    }

    public bool IsReady => Volatile.Read(ref _versions) is not null && !IsClosed;

    // How long an answer that has begun may bring nothing more. Half of a call's time, so that the other half is left to another connection.
    private TimeSpan StallPatience => _options.RequestTimeout / 2 > s_shortestSilence ? _options.RequestTimeout / 2 : s_shortestSilence;

    /// <summary>Sends a request as soon as the connection is ready. Whatever happens is reported to the request, never thrown.</summary>
    public void Send(PendingRequest request)
    {
        request.Start(_counters);
        FlussException? closed;
        lock (_gate)
        {
            closed = _closed;
            if (closed is null)
            {
                _unsent.Enqueue(request);
                long check = Math.Min(request.Deadline, _time.After(StallPatience));
                if (check < _nextDeadline)
                {
                    ArmDeadline(check);
                }

                Monitor.Pulse(_gate);
            }
        }

        if (closed is not null && request.TryEnd())
        {
            request.OnFailure(RpcErrors.For(request, closed));
        }
    }

    /// <summary>Closes the connection and fails what is in flight. Only the first cause counts.</summary>
    public void Close(FlussException cause) => Close(cause, []);

    // The requests that are overdue have ended already, but hear of it only when the connection counts as closed: what their callers do next must not meet it.
    private void Close(FlussException cause, List<(PendingRequest Request, FlussException Failure)> overdue)
    {
        List<PendingRequest> failed;
        Socket? socket;
        bool first;
        lock (_gate)
        {
            first = _closed is null;
            socket = first ? _socket : null;
            failed = first ? [.. _sent.Values, .. _unsent] : [];
            if (first)
            {
                Volatile.Write(ref _closed, cause);
            }

            _sent.Clear();
            _unsent.Clear();
            _deadlines.Dispose();
            _opening.Dispose();
            Monitor.PulseAll(_gate);
        }

        foreach ((PendingRequest request, FlussException failure) in overdue)
        {
            request.OnFailure(failure);
        }

        if (first)
        {
            ClientLog.ConnectionClosed(_logger, Address, cause.Message);
        }

        foreach (PendingRequest request in failed)
        {
            if (request.TryEnd())
            {
                request.OnFailure(RpcErrors.For(request, cause));
            }
        }

        // Last, since it waits until the threads have left their calls into the socket.
        socket?.Dispose();
    }

    private void FailOpening()
    {
        if (Volatile.Read(ref _versions) is null)
        {
            Close(RpcErrors.CannotConnect(Address, $"not ready within {_options.ConnectTimeout.TotalSeconds:0.###} s."));
        }
    }

    // Must be called under the gate.
    private void ArmDeadline(long deadline)
    {
        _nextDeadline = deadline;
        if (deadline != long.MaxValue)
        {
            TimeSpan wait = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
            _deadlines.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void FailOverdue()
    {
        long now = _time.GetTimestamp();
        List<PendingRequest> overdue = [];
        bool ready;
        bool silent = false;
        bool stalled;
        lock (_gate)
        {
            ready = _versions is not null;
            stalled = ready && _closed is null && IsStalled(now);
            long next = _sent.Count + _unsent.Count == 0 ? long.MaxValue : NextStall(now);
            foreach (PendingRequest request in _sent.Values.Concat(_unsent))
            {
                if (request.Deadline > now)
                {
                    next = Math.Min(next, request.Deadline);
                }
                else if (!request.HasEnded)
                {
                    overdue.Add(request);
                }
                else
                {
                    // Its caller gave it up, and callers who are less patient than the deadline would never find out that the server is gone.
                    silent |= ready && IsSilence(request, request.Deadline);
                }
            }

            ArmDeadline(next);
        }

        List<(PendingRequest Request, FlussException Failure)> ended = [];
        foreach (PendingRequest request in overdue)
        {
            string state = !ready ? "the connection is not ready yet" : request.SentAt == 0 ? "the server does not take requests" : "the request was sent";
            if (request.TryEnd())
            {
                silent |= ready && IsSilence(request, now);
                ended.Add((request, RpcErrors.NoAnswer(request, Address, state)));
            }
        }

        if (silent || stalled)
        {
            // The peer is gone or stuck, and requests that follow would wait in vain.
            Close(RpcErrors.Lost(Address, stalled ? "the server has fallen silent in the middle of an answer." : "the server has fallen silent."), ended);
            return;
        }

        foreach ((PendingRequest request, FlussException failure) in ended)
        {
            request.OnFailure(failure);
        }
    }

    // What has arrived and only waits to be read is no stall, although the process may have stood still.
    private bool IsStalled(long now)
    {
        long since = Volatile.Read(ref _insideSince);
        return since != 0 && _time.GetElapsedTime(since, now) >= StallPatience && _socket!.Available == 0;
    }

    // When a stall can be noticed at the earliest.
    private long NextStall(long now)
    {
        long since = Volatile.Read(ref _insideSince);
        long patience = (long)(StallPatience.TotalSeconds * _time.TimestampFrequency);
        return since != 0 && since + patience > now ? since + patience : now + patience;
    }

    // Not a byte since the request was sent.
    private bool IsSilence(PendingRequest request, long until) =>
        _time.GetElapsedTime(request.SentAt == 0 ? request.StartedAt : request.SentAt, until) >= s_shortestSilence
        && (request.SentAt == 0 || Volatile.Read(ref _lastReceived) < request.SentAt);
}
