using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Client.Threading;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Log;

/// <summary>
/// One FetchLog request. Where it asks for a number of bytes and they are not there, it waits until they are, until a bucket fails, or until its time is over. The error
/// that a bucket is not led here does not end the wait, as on the real server: clients ask again at once, and would ask without end.
/// </summary>
internal sealed class FetchCall(FetchLog fetch, Call call, FetchLogRequest request)
{
    private const int DefaultWaitMilliseconds = 100;

    // A client that is gone is waited for no longer, whatever it asked for.
    private const int MaxWaitMilliseconds = 60_000;

    private readonly Lock _gate = new();
    private readonly HashSet<BucketLog> _waitingFor = [];
    private IReadOnlyList<(BucketLog Log, long End)> _read = [];
    private ITimer? _timer;
    private bool _ended;

    /// <summary>Answers, now or later.</summary>
    public void Start()
    {
        if (!TryAnswer(force: !request.HasMinBytes) && !TryWait())
        {
            Work(this);
        }
    }

    /// <summary>A log has grown, or is gone or led by another server.</summary>
    public void Wake(BucketLog log) => DispatchThreads.Post(
        static state =>
        {
            (FetchCall call, BucketLog changed) = ((FetchCall, BucketLog))state!;
            call.Forget(changed);
            Work(call);
        },
        (this, log));

    private static void Work(object? state)
    {
        FetchCall self = (FetchCall)state!;
        while (!self.TryAnswer(force: false) && !self.TryWait())
        {
        }
    }

    /// <summary>Answers where there is enough or where it must be.</summary>
    private bool TryAnswer(bool force)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return true;
            }

            try
            {
                FetchResult result = fetch.Read(request, call.Node.Id);
                _read = result.Logs;
                if (!force && !result.HasFailed && result.Bytes < request.MinBytes)
                {
                    return false;
                }

                call.Answer(result.Response);
            }
#pragma warning disable CA1031 // Whatever went wrong, the client must learn of it: this may run on a thread that reports to nobody.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                call.Refuse((exception as FlussException)?.Code ?? FlussErrorCode.StorageFailure, $"The logs cannot be read: {exception.Message}");
            }

            End();
            return true;
        }
    }

    /// <summary>Waits for a change of every bucket; false where one has changed already.</summary>
    private bool TryWait()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return true;
            }

            if (_timer is null)
            {
                int wait = request.HasMaxWaitMs ? request.MaxWaitMs : DefaultWaitMilliseconds;
                _timer = DedicatedTimeProvider.Instance.CreateTimer(static state => ((FetchCall)state!).TryAnswer(force: true), this, TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, MaxWaitMilliseconds)), Timeout.InfiniteTimeSpan);
            }

            foreach ((BucketLog log, long end) in _read)
            {
                if (_waitingFor.Contains(log))
                {
                    continue;
                }

                if (!log.TryWait(this, end))
                {
                    return false;
                }

                _waitingFor.Add(log);
            }

            return true;
        }
    }

    private void Forget(BucketLog log)
    {
        lock (_gate)
        {
            _waitingFor.Remove(log);
        }
    }

    private void End()
    {
        _ended = true;
        _timer?.Dispose();
        foreach (BucketLog log in _waitingFor)
        {
            log.StopWaiting(this);
        }

        _waitingFor.Clear();
    }
}
