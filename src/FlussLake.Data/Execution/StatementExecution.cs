using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.Sessions;

namespace FlussLake.Data.Execution;

/// <summary>
/// One execution of a command, from before it is prepared until its reader is closed, with the calls that are made into it (Execute, Read, NextResult): at most one at a
/// time, each bounded by the time-out, each can be stopped from any thread. A stop that comes late cannot reach another statement.
/// </summary>
/// <remarks>It does not know the public reader, so that a reader which nobody holds can be collected; its finaliser and the connection both end the execution.</remarks>
internal sealed class StatementExecution
{
    private const int Idle = 0;
    private const int InCall = 1;
    private const int Interrupting = 2;
    private const int Ended = 3;

    // An interrupt that comes before DuckDB starts to execute is lost, so it is repeated until the call ends.
    private static readonly TimeSpan s_repeat = TimeSpan.FromMilliseconds(10);

    private readonly Session _session;
    private readonly DuckDBNativeConnection _connection;
    private readonly Lock _endGate = new();

    // Guards why the statement stops, and when its call runs out of time.
    private readonly Lock _gate = new();
    private Deadline? _deadline;
    private long _callStarted = long.MaxValue;
    private int _state;
    private int _reason;
    private bool _done;
    private CancellationToken _cancelledBy;
    private string? _waitedFor;
    private Exception? _answer;

    public StatementExecution(Session session, DuckDBNativeConnection connection, TimeSpan timeout, bool isSingle)
    {
        _session = session;
        _connection = connection;
        Timeout = timeout;
        Scope = session.BeginStatement(isSingle);
    }

    public StatementScope Scope { get; }

    /// <summary>The limit of each call; zero means none.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>DuckDB.NET's reader, once there is one.</summary>
    public DbDataReader? Inner { get; set; }

    /// <summary>Whether every row was read: DuckDB has ended the statement by itself.</summary>
    public bool IsCompleted { get; set; }

    public bool HasEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>Whether the statement was cancelled or timed out: its next call says so.</summary>
    public bool IsStopped => Volatile.Read(ref _reason) != (int)StopReason.None;

    /// <summary>What ends the wait of a call for a thread. Where the statement was stopped the call itself says so; where it is done, a stop that came too late is none.</summary>
    public CancellationToken EndsWaiting => IsStopped || Volatile.Read(ref _done) ? CancellationToken.None : Scope.Token;

    public bool IsInCall => Volatile.Read(ref _state) is InCall or Interrupting;

    /// <summary>Starts a call, or a part of one. Every successful one is followed by <see cref="Exit"/>.</summary>
    /// <param name="started">When the call began that this is a part of, or that waited for a thread; null where it begins here.</param>
    /// <exception cref="InvalidOperationException">Another call runs, or the statement has ended.</exception>
    public void Enter(long? started = null)
    {
        int state = Interlocked.CompareExchange(ref _state, InCall, Idle);
        if (state != Idle)
        {
            throw new InvalidOperationException(state == Ended ? Messages.ReaderClosed : Messages.CallInProgress);
        }

        if (!IsStopped && !Watch(started))
        {
            Stop(StopReason.TimedOut);
        }

        if (IsStopped)
        {
            Exit();
            throw Stopped(null);
        }
    }

    /// <summary>Ends a call. When it returns, no interrupt is under way and none can come.</summary>
    public void Exit()
    {
        // Until the next call has noted its start, it must not be measured from this one's.
        Volatile.Write(ref _callStarted, long.MaxValue);
        SpinWait spin = default;
        while (Interlocked.CompareExchange(ref _state, Idle, InCall) == Interrupting)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Makes a token stop the call that runs. Dispose the result after the call.</summary>
    public CancellationTokenRegistration StopOn(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static (state, token) =>
        {
            StatementExecution execution = (StatementExecution)state!;
            execution._cancelledBy = token;
            execution.Stop(StopReason.Cancelled);
        },
        this);

    /// <summary>Stops the statement: the call that runs fails soon, and so does every later one. Nothing happens once the statement has ended.</summary>
    public void Stop(StopReason reason)
    {
        string? waitsFor = IsStopped ? null : Scope.WaitsFor?.Invoke();
        lock (_gate)
        {
            if (HasEnded || _done)
            {
                return;
            }

            if (!IsStopped)
            {
                _waitedFor = waitsFor;
                Volatile.Write(ref _reason, (int)reason);
            }
        }

        // Our own scans first: an interrupt does not end a callback that waits in managed code.
        Scope.Stop();
        Interrupt();
    }

    /// <summary>
    /// Notes that DuckDB has done all of the statement. A stop that comes later, or came too late to be noticed, is none: what is done must not be reported as cancelled.
    /// </summary>
    public void Done()
    {
        lock (_gate)
        {
            _done = true;
            Volatile.Write(ref _reason, (int)StopReason.None);
        }
    }

    /// <summary>Throws what the failure of a call really was: a stop, a kept failure of a callback, or DuckDB's own error.</summary>
    [DoesNotReturn]
    public void Throw(Exception exception)
    {
        if (ReferenceEquals(exception, _answer))
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        if (IsStopped && exception is not InvalidOperationException)
        {
            throw Stopped(exception);
        }

        if (Scope.Failure is { } failure)
        {
            Exception mapped = FlussLakeException.From(failure);
            if (ReferenceEquals(mapped, failure))
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            throw mapped;
        }

        if (exception is OperationCanceledException)
        {
            // Nobody cancelled. An error on one of DuckDB's threads interrupts the others, and one of these may be the first to report.
            throw new FlussLakeException(Messages.InterruptedByError, exception, isTransient: true, sqlState: null);
        }

        if (exception is DuckDBException && _session.Reads.FindMissingLakeFile(exception.Message) is { } gone)
        {
            throw FlussLakeException.LakeFileGone(Messages.LakeFileGone(gone.Table, gone.File), exception);
        }

        if (exception is DuckDBException && _session.Reads.FindColumnProblem(exception.Message) is { } problem)
        {
            throw new FlussLakeException(problem, exception);
        }

        ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Throws if the statement was stopped: what has not begun does not begin.</summary>
    public void ThrowIfStopped()
    {
        if (IsStopped)
        {
            throw Stopped(null);
        }
    }

    /// <summary>Throws if the statement was stopped or a callback failed: an end of rows is no answer then.</summary>
    public void ThrowIfFailed()
    {
        ThrowIfStopped();
        if (Scope.Failure is { } failure)
        {
            Throw(failure);
        }
    }

    /// <summary>
    /// Ends the statement at whatever row it is: its scans stop, DuckDB's result goes, and with it the transaction and its locks. A call on another thread is stopped
    /// first. May be called from any thread and any number of times; when it returns, the connection is free.
    /// </summary>
    public void End()
    {
        lock (_endGate)
        {
            if (HasEnded)
            {
                return;
            }

            SpinWait spin = default;
            while (Interlocked.CompareExchange(ref _state, Ended, Idle) != Idle)
            {
                if (!IsStopped)
                {
                    Stop(StopReason.Closed);
                }

                spin.SpinOnce();
            }

            lock (_gate)
            {
                _deadline?.Dispose();
            }

            Scope.Stop();
            try
            {
                EndInDuckDb();
            }
            finally
            {
                _session.EndStatement(Scope);
            }
        }
    }

    private void EndInDuckDb()
    {
        try
        {
            if (!IsCompleted)
            {
                _connection.Interrupt();
            }

            Inner?.Dispose();
            if (IsCompleted)
            {
                return;
            }

            // Without this the table functions' state, the transaction and its locks would stay until the connection's next statement.
            NativeMethods.PreparedStatements.DuckDBPrepare(_connection, "SELECT 1", out DuckDBPreparedStatement statement);
            statement.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // The native connection is gone, and everything with it.
        }
    }

    /// <summary>Notes when the call began, and sees that its end is watched for; false where its time is over already.</summary>
    private bool Watch(long? started)
    {
        lock (_gate)
        {
            long now = Environment.TickCount64;
            _callStarted = started ?? now;
            if (Timeout <= TimeSpan.Zero)
            {
                return true;
            }

            TimeSpan left = Timeout - TimeSpan.FromMilliseconds(now - _callStarted);
            if (left > TimeSpan.Zero && (_deadline is null || _deadline.Due - now > left.TotalMilliseconds))
            {
                _deadline?.Dispose();
                _deadline = Deadlines.Schedule(left, CheckTimeout);
            }

            return left > TimeSpan.Zero;
        }
    }

    // One deadline serves all calls: it is moved when it finds that none has run for so long.
    private void CheckTimeout()
    {
        lock (_gate)
        {
            if (HasEnded || IsStopped)
            {
                return;
            }

            long now = Environment.TickCount64;
            TimeSpan left = Timeout - TimeSpan.FromMilliseconds(IsInCall ? now - Math.Min(_callStarted, now) : 0);
            if (left > TimeSpan.Zero)
            {
                _deadline = Deadlines.Schedule(left, CheckTimeout);
                return;
            }
        }

        Stop(StopReason.TimedOut);
    }

    private void Interrupt()
    {
        if (!IsStopped || Interlocked.CompareExchange(ref _state, Interrupting, InCall) != InCall)
        {
            return;
        }

        try
        {
            _connection.Interrupt();
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: there is nothing left to interrupt.
        }
        finally
        {
            Volatile.Write(ref _state, InCall);
        }

        Deadlines.Schedule(s_repeat, Interrupt);
    }

    private Exception Stopped(Exception? cause) => _answer = (StopReason)_reason switch
    {
        StopReason.TimedOut => FlussLakeException.TimedOut(Timeout, _waitedFor, cause),
        StopReason.Closed => new OperationCanceledException(Messages.ConnectionClosedMeanwhile, cause),
        _ => new OperationCanceledException(Messages.Cancelled, cause, _cancelledBy),
    };
}
