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
    private Deadline? _deadline;
    private long _callStarted = long.MaxValue;
    private int _state;
    private int _reason;
    private CancellationToken _cancelledBy;
    private string? _waitedFor;

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

    public bool IsInCall => Volatile.Read(ref _state) is InCall or Interrupting;

    /// <summary>Starts a call. Every successful one is followed by <see cref="Exit"/>.</summary>
    /// <exception cref="InvalidOperationException">Another call runs, or the statement has ended.</exception>
    public void Enter()
    {
        int state = Interlocked.CompareExchange(ref _state, InCall, Idle);
        if (state != Idle)
        {
            throw new InvalidOperationException(state == Ended ? Messages.ReaderClosed : Messages.CallInProgress);
        }

        Volatile.Write(ref _callStarted, Environment.TickCount64);
        if (Timeout > TimeSpan.Zero && _deadline is null)
        {
            _deadline = Deadlines.Schedule(Timeout, CheckTimeout);
        }

        if (_reason != (int)StopReason.None)
        {
            Exit();
            throw Stopped(null);
        }
    }

    /// <summary>Ends a call. When it returns, no interrupt is under way and none can come.</summary>
    public void Exit()
    {
        // Until the next call has noted its start, the thread of deadlines must not measure it from this one's.
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
        if (HasEnded)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
        {
            _waitedFor = Scope.WaitsFor?.Invoke();
        }

        // Our own scans first: an interrupt does not end a callback that waits in managed code.
        Scope.Stop();
        Interrupt();
    }

    /// <summary>Throws what the failure of a call really was: a stop, a kept failure of a callback, or DuckDB's own error.</summary>
    [DoesNotReturn]
    public void Throw(Exception exception)
    {
        if (_reason != (int)StopReason.None && exception is not InvalidOperationException)
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

    /// <summary>Throws if the statement was stopped or a callback failed: an end of rows is no answer then.</summary>
    public void ThrowIfFailed()
    {
        if (_reason != (int)StopReason.None)
        {
            throw Stopped(null);
        }

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
                if (_reason == (int)StopReason.None)
                {
                    Stop(StopReason.Closed);
                }

                spin.SpinOnce();
            }

            _deadline?.Dispose();
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

    private void CheckTimeout()
    {
        if (HasEnded)
        {
            return;
        }

        long now = Environment.TickCount64;
        long started = IsInCall ? Math.Min(Volatile.Read(ref _callStarted), now) : now;
        TimeSpan left = Timeout - TimeSpan.FromMilliseconds(now - started);
        if (left <= TimeSpan.Zero)
        {
            Stop(StopReason.TimedOut);
            return;
        }

        _deadline = Deadlines.Schedule(left, CheckTimeout);
        if (HasEnded)
        {
            _deadline.Dispose();
        }
    }

    private void Interrupt()
    {
        if (Interlocked.CompareExchange(ref _state, Interrupting, InCall) != InCall)
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

    private Exception Stopped(Exception? cause) => (StopReason)_reason switch
    {
        StopReason.TimedOut => FlussLakeException.TimedOut(Timeout, _waitedFor, cause),
        StopReason.Closed => new OperationCanceledException(Messages.ConnectionClosedMeanwhile, cause),
        _ => new OperationCanceledException(Messages.Cancelled, cause, _cancelledBy),
    };
}
