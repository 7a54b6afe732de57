using System.ComponentModel;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using FlussLake.Data.Execution;
using FlussLake.Data.Sql;

namespace FlussLake.Data;

/// <summary>
/// One or more SQL statements, run by DuckDB. Rows stream: the first come before the last are computed, and memory does not grow with the result.
/// </summary>
/// <remarks>
/// <para><c>@name</c> outside literals, quoted identifiers and comments means the parameter of that name (DuckDB's own form, <c>$name</c>, works too). Where the command
/// has no such parameter, the command is refused: DuckDB would read <c>@x</c> as abs(x).</para>
/// <para>The asynchronous methods run DuckDB on threads of the provider. A variable of type <see cref="DuckDBCommand"/> cannot be served by
/// <see cref="DuckDBCommand.ExecuteReader()"/>, which casts to DuckDB.NET's own reader: use <see cref="FlussLakeCommand"/> or <see cref="DbCommand"/>.</para>
/// </remarks>
public sealed class FlussLakeCommand : DuckDBCommand
{
    private FlussLakeConnection? _connection;
    private int? _timeout;
    private CommandType _commandType = CommandType.Text;
    private CommandCall? _call;
    private StatementExecution? _running;

    /// <summary>Creates a command.</summary>
    public FlussLakeCommand()
    {
    }

    /// <summary>Creates a command.</summary>
    /// <param name="commandText">The statements.</param>
    public FlussLakeCommand(string commandText)
        : base(commandText)
    {
    }

    /// <summary>Creates a command.</summary>
    /// <param name="commandText">The statements.</param>
    /// <param name="connection">The connection to run them on.</param>
    public FlussLakeCommand(string commandText, FlussLakeConnection connection)
        : base(commandText) => Connection = connection;

    /// <summary>The connection that the command runs on.</summary>
    public new FlussLakeConnection? Connection
    {
        get => _connection;
        set => base.Connection = value;
    }

    /// <summary>
    /// How long each call (Execute, Read, NextResult) may take, in seconds, by itself: time between calls does not count. 0 means no limit. Default: <c>Command
    /// Timeout</c> of the connection string.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public override int CommandTimeout
    {
        get => _timeout ?? _connection?.ConnectionTimeout ?? 30;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    /// <summary>
    /// How the text is meant. DuckDB has no procedures: a text of one word, such as <c>CHECKPOINT</c>, which Dapper takes for a procedure's name, runs as it stands.
    /// </summary>
    /// <exception cref="NotSupportedException">The value is <see cref="CommandType.TableDirect"/>.</exception>
    public override CommandType CommandType
    {
        get => _commandType;
        set => _commandType = value is CommandType.Text or CommandType.StoredProcedure
            ? value
            : throw new NotSupportedException($"DuckDB has no {value} commands: use CommandType.Text.");
    }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => _connection;
        set
        {
            _connection = value switch
            {
                null => null,
                FlussLakeConnection connection => connection,
                _ => throw new ArgumentException(Messages.CommandNeedsFlussLakeConnection, nameof(value)),
            };
            base.DbConnection = value;
        }
    }

    /// <summary>
    /// Stops the statement that this command runs or whose reader is open; its call throws <see cref="OperationCanceledException"/>. May be called from any thread. Without
    /// such a statement nothing happens: a late call does not reach the next one, and what is done already stays done and is not reported as cancelled.
    /// </summary>
    public override void Cancel()
    {
        // In this order: a call that begins meanwhile looks at itself after it has named its statement.
        Volatile.Read(ref _call)?.Cancel();
        Volatile.Read(ref _running)?.Stop(StopReason.Cancelled);
    }

    /// <summary>
    /// Checks that the command could run. It does not plan: the end of a log moves, so DuckDB plans at each execution.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no open connection or no statement.</exception>
    public override void Prepare()
    {
        FlussLakeConnection connection = _connection ?? throw new InvalidOperationException(Messages.NoConnection);
        if (connection.State != ConnectionState.Open)
        {
            throw new InvalidOperationException(Messages.NotOpen(nameof(Prepare)));
        }

        Scan();
    }

    /// <summary>Runs the statements and discards their rows.</summary>
    /// <returns>How many rows they inserted, updated or deleted; -1 where all of them only return rows.</returns>
    public override int ExecuteNonQuery() => ExecuteNonQueryCore(Call(CancellationToken.None));

    /// <inheritdoc cref="ExecuteNonQuery"/>
    /// <param name="cancellationToken">Stops the statements.</param>
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
        RunAsync(ExecuteNonQueryCore, cancellationToken);

    /// <summary>Runs the statements.</summary>
    /// <returns>The first column of the first row, <see cref="DBNull.Value"/> for a null there, or null where there is no row.</returns>
    public override object? ExecuteScalar() => ExecuteScalarCore(Call(CancellationToken.None));

    /// <inheritdoc cref="ExecuteScalar"/>
    /// <param name="cancellationToken">Stops the statements.</param>
    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        RunAsync(ExecuteScalarCore, cancellationToken);

    /// <summary>Runs the first statement and opens a reader on its rows. Later statements run when <see cref="FlussLakeDataReader.NextResult"/> reaches them.</summary>
    /// <returns>The reader. It is to be closed before the connection's next command.</returns>
    public new FlussLakeDataReader ExecuteReader() => Open(CommandBehavior.Default, Call(CancellationToken.None));

    /// <inheritdoc cref="ExecuteReader()"/>
    /// <param name="behavior"><see cref="CommandBehavior.SchemaOnly"/> plans the first statement without running it; <see cref="CommandBehavior.SingleRow"/> gives one row;
    /// <see cref="CommandBehavior.CloseConnection"/> closes the connection with the reader.</param>
    public new FlussLakeDataReader ExecuteReader(CommandBehavior behavior) => Open(behavior, Call(CancellationToken.None));

    /// <inheritdoc cref="ExecuteReader()"/>
    /// <param name="cancellationToken">Stops the statement while this call runs.</param>
    public new Task<FlussLakeDataReader> ExecuteReaderAsync(CancellationToken cancellationToken = default) =>
        ExecuteReaderAsync(CommandBehavior.Default, cancellationToken);

    /// <inheritdoc cref="ExecuteReader(CommandBehavior)"/>
    /// <param name="behavior">See <see cref="ExecuteReader(CommandBehavior)"/>.</param>
    /// <param name="cancellationToken">Stops the statement while this call runs.</param>
    public new Task<FlussLakeDataReader> ExecuteReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken = default) =>
        RunAsync(call => Open(behavior, call), cancellationToken);

    /// <summary>Not supported; use <see cref="ExecuteReader()"/>.</summary>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It hides an instance method.")]
    public new IArrowArrayStream ExecuteArrowStream() => throw new NotSupportedException(Messages.ArrowNotSupported);

    /// <summary>Not supported; use <see cref="ExecuteReader()"/>.</summary>
    /// <param name="cancellationToken">Unused.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It hides an instance method.")]
    public new IAsyncEnumerable<RecordBatch> ExecuteArrowBatchesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(Messages.ArrowNotSupported);

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Open(behavior, Call(CancellationToken.None));

    /// <inheritdoc/>
    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        RunAsync<DbDataReader>(call => Open(behavior, call), cancellationToken);

    private CommandCall Call(CancellationToken cancellationToken)
    {
        CommandCall call = new(TimeSpan.FromSeconds(CommandTimeout), cancellationToken);
        Volatile.Write(ref _call, call);
        return call;
    }

    private Task<T> RunAsync<T>(Func<CommandCall, T> work, CancellationToken cancellationToken)
    {
        CommandCall call = Call(cancellationToken);
        return ExecutionThreads.Run(() => work(call), call.Timeout, cancellationToken, call.Cancelled);
    }

    private int ExecuteNonQueryCore(CommandCall call)
    {
        SqlText sql = Scan();
        if (sql.OnlyQueries)
        {
            // Streaming and reading on, so that memory does not grow with rows that nobody wants.
            using FlussLakeDataReader reader = Open(sql, CommandBehavior.Default, call);
            reader.Drain(call);
            return -1;
        }

        return WithSecondPlan(sql, () =>
        {
            StatementExecution execution = Begin(sql, call);
            try
            {
                int count = RunChanges(execution, sql, call);
                execution.IsCompleted = true;
                return count;
            }
            finally
            {
                execution.End();
            }
        });
    }

    private object? ExecuteScalarCore(CommandCall call)
    {
        SqlText sql = Scan();
        using FlussLakeDataReader reader = Open(sql, CommandBehavior.Default, call);
        object? value = reader.ReadCore(call.Token, call.Started) ? reader.GetValue(0) : null;
        if (sql.Statements.Count > 1)
        {
            while (reader.NextResultCore(call.Token, call.Started))
            {
            }
        }

        return value;
    }

    private FlussLakeDataReader Open(CommandBehavior behavior, CommandCall call) => Open(Scan(), behavior, call);

    /// <summary>
    /// Runs a command, and once more where a planned lake file or partition was gone before the first row: another plan reads what took its place. Not where statements before
    /// it have run already, nor where the statement writes outside of DuckDB's transaction, as COPY does.
    /// </summary>
    private static T WithSecondPlan<T>(SqlText sql, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (FlussLakeException gone) when (gone.IsPlanOutdated && sql.Statements is [{ Kind: SqlStatementKind.Query or SqlStatementKind.Change }])
        {
            try
            {
                return run();
            }
            catch (DuckDBException)
            {
                // An explicit transaction is aborted by now; what aborted it is the answer.
                throw gone;
            }
        }
    }

    private FlussLakeDataReader Open(SqlText sql, CommandBehavior behavior, CommandCall call) => WithSecondPlan(sql, () => OpenOnce(sql, behavior, call));

    private FlussLakeDataReader OpenOnce(SqlText sql, CommandBehavior behavior, CommandCall call)
    {
        StatementExecution execution = Begin(sql, call);
        try
        {
            bool schemaOnly = behavior.HasFlag(CommandBehavior.SchemaOnly);
            DuckDBDataReader? inner = null;
            int changed = -1;
            List<string>? described = null;
            if (schemaOnly)
            {
                SqlStatement first = sql.Statements[0];
                if (first.Kind == SqlStatementKind.Query)
                {
                    // Both plan, and start no scan.
                    string query = sql.Text[first.Start..first.End];
                    described = Described(execution, query, call);
                    inner = RunReader(execution, $"SELECT * FROM (\n{query}\n) LIMIT 0", streaming: true, call);
                }
            }
            else if (sql.OnlyChanges)
            {
                changed = RunChanges(execution, sql, call);
            }
            else
            {
                inner = RunReader(execution, sql.Text, !sql.MustNotStream, call);
                if (sql.IsDoneAtOnce)
                {
                    execution.Done();
                }
                else
                {
                    execution.ThrowIfFailed();
                }
            }

            FlussLakeDataReader reader = new(_connection!, execution, inner, behavior, changed, described);
            _connection!.ReaderOpened(reader);
            return reader;
        }
        catch
        {
            execution.End();
            throw;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is mapped and thrown on.")]
    private int RunChanges(StatementExecution execution, SqlText sql, CommandCall call)
    {
        using DuckDBCommand command = Copy(sql.Text, streaming: false);
        execution.Enter(call.Started);
        try
        {
            using CancellationTokenRegistration registration = execution.StopOn(call.Token);
            execution.ThrowIfStopped();
            int count = command.ExecuteNonQuery();
            execution.Done();
            return count;
        }
        catch (Exception exception)
        {
            execution.Throw(exception);
            throw;
        }
        finally
        {
            execution.Exit();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is mapped and thrown on.")]
    private DuckDBDataReader RunReader(StatementExecution execution, string text, bool streaming, CommandCall call)
    {
        DuckDBCommand command = Copy(text, streaming);
        execution.Enter(call.Started);
        try
        {
            using CancellationTokenRegistration registration = execution.StopOn(call.Token);
            execution.ThrowIfStopped();
            DuckDBDataReader inner = command.ExecuteReader();
            execution.Inner = inner;
            return inner;
        }
        catch (Exception exception)
        {
            execution.Throw(exception);
            throw;
        }
        finally
        {
            execution.Exit();
        }
    }

    private List<string> Described(StatementExecution execution, string query, CommandCall call)
    {
        using DuckDBDataReader types = RunReader(execution, $"DESCRIBE (\n{query}\n)", streaming: false, call);
        int column = types.GetOrdinal("column_type");
        List<string> described = [];
        while (types.Read())
        {
            described.Add(types.GetString(column));
        }

        return described;
    }

    private SqlText Scan()
    {
        SqlText sql = SqlScanner.Scan(CommandText, ParameterCopies.Names(Parameters));
        if (sql.UnknownParameter is { } unknown)
        {
            throw new InvalidOperationException(Messages.NoSuchParameter(unknown));
        }

        return sql.Statements.Count > 0 ? sql : throw new InvalidOperationException(Messages.NoCommandText);
    }

    private StatementExecution Begin(SqlText sql, CommandCall call)
    {
        FlussLakeConnection connection = _connection ?? throw new InvalidOperationException(Messages.NoConnection);
        StatementExecution execution = connection.BeginExecution(call.Timeout, sql.Statements.Count == 1, "Executing a command");
        Interlocked.Exchange(ref _running, execution);
        if (call.Cancelled.IsCancellationRequested)
        {
            execution.Stop(StopReason.Cancelled);
        }

        return execution;
    }

    /// <summary>What DuckDB.NET runs: not this command, because text and parameters differ, and nothing of it may change while the reader is open.</summary>
    private DuckDBCommand Copy(string text, bool streaming)
    {
        DuckDBCommand command = new(text, _connection!) { UseStreamingMode = streaming };
        ParameterCopies.Add(Parameters, command);
        return command;
    }
}
