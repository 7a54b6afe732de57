using System.Collections;
using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlussLake.Data.Execution;
using FlussLake.Data.Reader;

namespace FlussLake.Data;

/// <summary>
/// Reads the rows of a statement while DuckDB computes them. A connection has one open reader; closing it at any row ends the statement. Every call is bounded by the
/// command's time-out.
/// </summary>
/// <remarks>
/// <c>GetValue</c> gives HUGEINT as <see cref="decimal"/>, BLOB as a byte array, TIMESTAMP WITH TIME ZONE as a <see cref="DateTime"/> in UTC, DATE as
/// <see cref="DateOnly"/> and TIME as <see cref="TimeOnly"/>; LIST, MAP and STRUCT are those of DuckDB.NET.
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "ADO.NET names its readers so.")]
[SuppressMessage("Design", "CA1010:Generic interface should also be implemented", Justification = "ADO.NET's readers enumerate records untyped.")]
public sealed partial class FlussLakeDataReader : DbDataReader, IDbColumnSchemaGenerator
{
    private static readonly Task<bool> s_true = Task.FromResult(true);
    private static readonly Task<bool> s_false = Task.FromResult(false);

    private readonly FlussLakeConnection _connection;
    private readonly StatementExecution _execution;
    private readonly DuckDBDataReader? _inner;
    private readonly CommandBehavior _behavior;
    private ResultColumn[] _columns;
    private Dictionary<string, int>? _ordinals;
    private bool _onRow;
    private bool _ended;
    private bool _closed;
    private bool _failed;

    internal FlussLakeDataReader(
        FlussLakeConnection connection, StatementExecution execution, DuckDBDataReader? inner, CommandBehavior behavior, int recordsAffected,
        IReadOnlyList<string>? described = null)
    {
        _connection = connection;
        _execution = execution;
        _inner = inner;
        _behavior = behavior;
        RecordsAffected = recordsAffected;
        _columns = inner is null ? [] : ResultColumn.Of(inner, described);
        _ended = inner is null;
        execution.IsCompleted = inner is null;
    }

    /// <summary>A reader that nobody closed still ends its statement.</summary>
    ~FlussLakeDataReader()
    {
        if (!_closed && _execution is { HasEnded: false } execution)
        {
            ExecutionThreads.Post(() => EndQuietly(execution));
        }
    }

    /// <summary>Always 0: results are not nested.</summary>
    public override int Depth => 0;

    /// <inheritdoc/>
    public override int FieldCount
    {
        get
        {
            EnsureOpen();
            return _columns.Length;
        }
    }

    /// <inheritdoc/>
    public override bool HasRows
    {
        get
        {
            EnsureOpen();
            return _inner is not null && _columns.Length > 0 && _inner.HasRows;
        }
    }

    /// <inheritdoc/>
    public override bool IsClosed => _closed;

    /// <summary>How many rows were inserted, updated or deleted, where no statement of the command returns rows; otherwise -1.</summary>
    public override int RecordsAffected { get; }

    /// <inheritdoc/>
    public override bool Read() => ReadCore(CancellationToken.None);

    /// <summary>
    /// Moves to the next row. A row that is in memory already is there at once; otherwise a thread of the provider waits for it.
    /// </summary>
    /// <param name="cancellationToken">Stops the statement while this call runs.</param>
    /// <returns>Whether there is a row.</returns>
    public override Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (!_closed && !_ended && _inner is { } inner && !_execution.IsInCall && ChunkPosition.HasNextRow(inner))
        {
            return ReadAtOnce();
        }

        return _ended && !_closed ? s_false : RunAsync(started => ReadCore(cancellationToken, started), cancellationToken);
    }

    /// <summary>Moves to the rows of the next statement, running statements without rows on the way.</summary>
    /// <returns>Whether there is another result.</returns>
    public override bool NextResult() => NextResultCore(CancellationToken.None);

    /// <inheritdoc cref="NextResult()"/>
    /// <param name="cancellationToken">Stops the statements while this call runs.</param>
    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) =>
        RunAsync(started => NextResultCore(cancellationToken, started), cancellationToken);

    /// <summary>Ends the statement, at whatever row it is. Statements after the current one do not run.</summary>
    public override void Close()
    {
        if (_closed)
        {
            return;
        }

        CloseByConnection();
        if (_behavior.HasFlag(CommandBehavior.CloseConnection))
        {
            _connection.Close();
        }
    }

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new DbEnumerator(this, _behavior.HasFlag(CommandBehavior.CloseConnection));

    /// <inheritdoc/>
    public ReadOnlyCollection<DbColumn> GetColumnSchema()
    {
        EnsureOpen();
        return Array.AsReadOnly<DbColumn>([.. _columns]);
    }

    /// <inheritdoc/>
    public override DataTable? GetSchemaTable()
    {
        EnsureOpen();
        return _columns.Length == 0 ? null : ResultSchema.Table(_columns);
    }

    /// <param name="cancellationToken">Stops the statement while this call runs.</param>
    /// <param name="started">When the call began that this is a part of; null where it begins here.</param>
    internal bool ReadCore(CancellationToken cancellationToken, long? started = null)
    {
        EnsureOpen();
        EnsureWhole();
        if (_ended)
        {
            _onRow = false;
            return false;
        }

        if (_onRow && _behavior.HasFlag(CommandBehavior.SingleRow))
        {
            _ended = true;
            _onRow = false;
            return false;
        }

        // A row in memory needs no time-out and no interrupt, which would cost more than the row.
        if (!_execution.IsStopped && ChunkPosition.HasNextRow(_inner!))
        {
            return _onRow = _inner!.Read();
        }

        return Call(static reader => reader.ReadInner(), started, cancellationToken);
    }

    /// <inheritdoc cref="ReadCore"/>
    internal bool NextResultCore(CancellationToken cancellationToken, long? started = null)
    {
        EnsureOpen();
        EnsureWhole();
        _onRow = false;
        if (_inner is null || _behavior.HasFlag(CommandBehavior.SchemaOnly) || _behavior.HasFlag(CommandBehavior.SingleResult))
        {
            _ended = true;
            return false;
        }

        return Call(static reader => reader.NextInner(), started, cancellationToken);
    }

    internal void Drain(CommandCall call)
    {
        do
        {
            while (ReadCore(call.Token, call.Started))
            {
            }
        }
        while (NextResultCore(call.Token, call.Started));
    }

    /// <summary>Closes without closing the connection.</summary>
    [SuppressMessage("Usage", "CA1816:Dispose methods should call SuppressFinalize", Justification = "Close is what ends the statement, with or without Dispose.")]
    internal void CloseByConnection()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _onRow = false;
        GC.SuppressFinalize(this);
        _execution.End();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Nobody is left to see a failure.")]
    private static void EndQuietly(StatementExecution execution)
    {
        try
        {
            execution.End();
        }
        catch (Exception)
        {
            // The native handles have finalisers of their own.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The failure goes to the task.")]
    private Task<bool> ReadAtOnce()
    {
        try
        {
            return ReadCore(CancellationToken.None) ? s_true : s_false;
        }
        catch (OperationCanceledException cancelled) when (cancelled.CancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancelled.CancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<bool>(exception);
        }
    }

    private Task<bool> RunAsync(Func<long, bool> call, CancellationToken cancellationToken)
    {
        long started = Environment.TickCount64;
        CancellationToken stopped = _closed ? CancellationToken.None : _execution.EndsWaiting;
        return ExecutionThreads.Run(() => call(started), _execution.Timeout, cancellationToken, stopped);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is mapped and thrown on.")]
    private bool Call(Func<FlussLakeDataReader, bool> call, long? started, CancellationToken cancellationToken)
    {
        _execution.Enter(started);
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.CanBeCanceled ? _execution.StopOn(cancellationToken) : default;
            _execution.ThrowIfStopped();
            return call(this);
        }
        catch (Exception exception)
        {
            _onRow = false;
            _failed = true;
            _execution.Throw(exception);
            throw;
        }
        finally
        {
            _execution.Exit();
        }
    }

    private bool ReadInner()
    {
        if (_inner!.Read())
        {
            return _onRow = true;
        }

        // A scan that was stopped or failed may look like one that came to its end.
        _onRow = false;
        _execution.ThrowIfFailed();
        _ended = true;
        _execution.IsCompleted = true;
        return false;
    }

    private bool NextInner()
    {
        _execution.IsCompleted = false;
        bool next = _inner!.NextResult();
        _execution.ThrowIfFailed();
        _ended = !next;
        _ordinals = null;
        _columns = next ? ResultColumn.Of(_inner) : [];
        return next;
    }

    /// <summary>Rows after a failure would be a hole in the result.</summary>
    private void EnsureWhole()
    {
        if (_failed)
        {
            _execution.ThrowIfFailed();
            throw new InvalidOperationException(Messages.ReaderFailed);
        }
    }

    private void EnsureOpen()
    {
        if (_closed || _execution.HasEnded)
        {
            throw new InvalidOperationException(Messages.ReaderClosed);
        }
    }
}
