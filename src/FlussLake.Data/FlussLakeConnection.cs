using System.ComponentModel;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DuckDB.NET.Data;
using FlussLake.Data.DuckDb;
using FlussLake.Data.Execution;
using FlussLake.Data.Instances;
using FlussLake.Data.Sessions;
using FlussLake.Data.Sql;

namespace FlussLake.Data;

/// <summary>
/// A connection to DuckDB, in this process, that reads the tables of Apache Fluss. Opening one is cheap: without <c>Data Source</c> connections share a DuckDB instance,
/// each working in an in-memory catalog of its own.
/// </summary>
/// <remarks>
/// <para>The shared instance keeps local tables private by name resolution only: settings, ATTACH names, secrets and functions belong to the instance. Who needs more
/// isolation uses <c>Data Source=:memory:</c>.</para>
/// <para>A connection serves one thread at a time, and has at most one open reader. <see cref="FlussLakeCommand.Cancel"/> may come from any thread.</para>
/// </remarks>
public sealed partial class FlussLakeConnection : DuckDBConnection
{
    private static readonly StateChangeEventArgs s_opened = new(ConnectionState.Closed, ConnectionState.Open);
    private static readonly StateChangeEventArgs s_closed = new(ConnectionState.Open, ConnectionState.Closed);

    private readonly Lock _gate = new();
    private string _connectionString = "";
    private ConnectionOptions? _options;
    private DuckDbInstance? _instance;
    private Session? _session;
    private string? _catalog;
    private string? _ownTempDirectory;
    private FlussLakeTransaction? _transaction;
    private StatementExecution? _execution;
    private WeakReference<FlussLakeDataReader>? _reader;

    // What DuckDB.NET sees as the connection string. It reads it once for the life of this object.
    private string? _duckDbConnectionString;
    private int _duckDbThread;
    private bool _quiet;
    private bool _passwordHidden;

    /// <summary>Creates a connection without a connection string: a shared DuckDB instance without Fluss servers.</summary>
    public FlussLakeConnection()
    {
    }

    /// <summary>Creates a connection.</summary>
    /// <param name="connectionString">The connection string; see <see cref="FlussLakeConnectionStringBuilder"/> for its keys.</param>
    /// <exception cref="ArgumentException">A key is unknown or a value is not valid.</exception>
    public FlussLakeConnection(string? connectionString) => ConnectionString = connectionString;

    /// <summary>The connection string. Once the connection was opened the password is left out.</summary>
    /// <exception cref="ArgumentException">A key is unknown or a value is not valid.</exception>
    /// <exception cref="InvalidOperationException">The connection is open.</exception>
    [AllowNull]
    [DefaultValue("")]
    public override string ConnectionString
    {
        get
        {
            if (_duckDbThread != 0 && _duckDbThread == Environment.CurrentManagedThreadId)
            {
                return _duckDbConnectionString!;
            }

            return _passwordHidden && _options is { } options ? options.PublicConnectionString : _connectionString ?? "";
        }

        set
        {
            // DuckDB.NET's constructor comes here before this object's fields are set.
            if (State != ConnectionState.Closed)
            {
                throw new InvalidOperationException(Messages.ConnectionStringWhileOpen);
            }

            string text = value ?? "";
            if (_passwordHidden && text == _options!.PublicConnectionString)
            {
                return;
            }

            _options = text.Length == 0 ? null : ConnectionOptions.Parse(text);
            _connectionString = text;
            _passwordHidden = false;
        }
    }

    /// <summary>The Fluss database of tables without one. <see cref="ChangeDatabase"/> changes it until the connection closes.</summary>
    public override string Database => _session?.Database ?? Options.Session.Database;

    /// <summary>The Fluss servers of the connection string; without any, the DuckDB data source.</summary>
    public override string DataSource =>
        Options.Session.BootstrapServers is { Count: > 0 } servers ? string.Join(',', servers) : Options.DataSource;

    /// <summary>The version of DuckDB.</summary>
    public override string ServerVersion => base.ServerVersion;

    /// <summary>The default of <see cref="FlussLakeCommand.CommandTimeout"/> in seconds.</summary>
    public override int ConnectionTimeout => (int)Options.Session.CommandTimeout.TotalSeconds;

    internal ConnectionOptions Options => _options ??= ConnectionOptions.Parse(_connectionString);

    internal Session? Session => _session;

    /// <summary>The private catalog of a connection on a shared instance; null for a file and for an instance of its own.</summary>
    internal string? Catalog => _catalog;

    /// <summary>Opens the connection.</summary>
    /// <exception cref="InvalidOperationException">The connection is open already.</exception>
    /// <exception cref="ArgumentException">The database file is open in this process with other settings.</exception>
    /// <exception cref="DuckDBException">DuckDB cannot open the database.</exception>
    public override void Open()
    {
        if (State == ConnectionState.Open)
        {
            throw new InvalidOperationException(Messages.AlreadyOpen);
        }

        ConnectionOptions options = Options;
        _quiet = true;
        try
        {
            OpenCore(options);
        }
        catch
        {
            Release();
            throw;
        }
        finally
        {
            _quiet = false;
        }

        _passwordHidden = true;
        OnStateChange(s_opened);
    }

    /// <summary>Opens the connection on a thread of the provider.</summary>
    /// <param name="cancellationToken">Cancels the wait for a thread; opening itself takes about a millisecond.</param>
    /// <returns>A task that ends when the connection is open.</returns>
    public override Task OpenAsync(CancellationToken cancellationToken) => ExecutionThreads.Run(
        () =>
        {
            Open();
            return true;
        },
        TimeSpan.Zero,
        cancellationToken);

    /// <summary>
    /// Closes the connection: an open reader is closed, an open transaction rolled back, and the local tables of a connection without <c>Data Source</c> go. Closing a
    /// closed connection does nothing.
    /// </summary>
    public override void Close()
    {
        if (State == ConnectionState.Closed)
        {
            return;
        }

        _quiet = true;
        try
        {
            EndStatement();
            RollBack();
        }
        finally
        {
            Release();
            _quiet = false;
        }

        OnStateChange(s_closed);
    }

    /// <summary>Changes the Fluss database of tables without one, until the connection closes. Whether Fluss has it shows when a table is read.</summary>
    /// <param name="databaseName">The database.</param>
    /// <exception cref="InvalidOperationException">The connection is not open.</exception>
    public override void ChangeDatabase(string databaseName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databaseName);
        OpenSession(nameof(ChangeDatabase)).Database = databaseName;
    }

    /// <summary>Creates a command on this connection, in its open transaction if there is one.</summary>
    /// <returns>The command.</returns>
    public override FlussLakeCommand CreateCommand() => new() { Connection = this, Transaction = _transaction };

    /// <summary>Begins a transaction. DuckDB isolates by snapshot.</summary>
    /// <returns>The transaction.</returns>
    /// <exception cref="InvalidOperationException">The connection is not open, has an open reader, or is in a transaction.</exception>
    public new FlussLakeTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <summary>Begins a transaction.</summary>
    /// <param name="isolationLevel"><see cref="IsolationLevel.Snapshot"/> or <see cref="IsolationLevel.Unspecified"/>, which mean the same.</param>
    /// <returns>The transaction.</returns>
    /// <exception cref="ArgumentException">The isolation level is another one.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open, has an open reader, or is in a transaction.</exception>
    public new FlussLakeTransaction BeginTransaction(IsolationLevel isolationLevel)
    {
        OpenSession(nameof(BeginTransaction));
        if (_transaction is not null || base.CreateCommand().Transaction is not null)
        {
            throw new InvalidOperationException(Messages.AlreadyInTransaction);
        }

        return _transaction = new FlussLakeTransaction(this, isolationLevel);
    }

    /// <summary>Not supported: create another connection with the same connection string.</summary>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It hides an instance method.")]
    public new DuckDBConnection Duplicate() => throw new NotSupportedException(Messages.DuplicateNotSupported);

    /// <summary>The data source, never the credentials.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{nameof(FlussLakeConnection)}({Options.PublicConnectionString})";

    /// <summary>Starts a statement.</summary>
    /// <exception cref="InvalidOperationException">The connection is not open, or has an open reader, which stays whole.</exception>
    internal StatementExecution BeginExecution(TimeSpan timeout, bool isSingle, string operation)
    {
        Session session = OpenSession(operation);
        lock (_gate)
        {
            if (_execution is { HasEnded: false } open)
            {
                if (open.IsInCall)
                {
                    throw new InvalidOperationException(Messages.CallInProgress);
                }

                if (_reader is not null && _reader.TryGetTarget(out _))
                {
                    throw new InvalidOperationException(Messages.ReaderOpen);
                }
            }

            // Nobody holds that reader any more.
            _execution?.End();
            _reader = null;
            return _execution = new StatementExecution(session, NativeConnection, timeout, isSingle);
        }
    }

    internal void ReaderOpened(FlussLakeDataReader reader) => _reader = new WeakReference<FlussLakeDataReader>(reader);

    internal void TransactionEnded(FlussLakeTransaction transaction) => Interlocked.CompareExchange(ref _transaction, null, transaction);

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel);

    /// <inheritdoc/>
    protected override ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        new(ExecutionThreads.Run<DbTransaction>(() => BeginTransaction(isolationLevel), TimeSpan.Zero, cancellationToken));

    /// <inheritdoc/>
    protected override void OnStateChange(StateChangeEventArgs stateChange)
    {
        // DuckDB.NET says Open before the connection is ready, and Closed before it has let go of everything.
        if (!_quiet)
        {
            base.OnStateChange(stateChange);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing && _session is not null)
        {
            // Nobody closed this connection. The finaliser's thread must not wait for DuckDB.
            ExecutionThreads.Post(ReleaseAbandoned);
        }

        base.Dispose(disposing);
    }

    private void OpenCore(ConnectionOptions options)
    {
        if (!options.IsMemory)
        {
            _instance = InstanceRegistry.Acquire(options);
        }

        if (_instance is not null)
        {
            OpenBase(DuckDbConnectionString.Of(_instance.Path));
        }
        else
        {
            _ownTempDirectory ??= options.DuckDb.ContainsKey("temp_directory") ? null : TempFolder.NewPath(".tmp");
            OpenBase(DuckDbConnectionString.Of(":memory:", options.DuckDb, _ownTempDirectory));
            InstanceRegistry.RegisterFunctions(this);
        }

        if (_instance is { IsFile: false })
        {
            string catalog = "flusslake_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
            string name = SqlQuote.Identifier(catalog);
            Execute($"ATTACH ':memory:' AS {name}");
            _catalog = catalog;
            Execute($"USE {name}");
        }

        if (!options.DuckDb.ContainsKey("timezone"))
        {
            // Not the machine's zone: what a comparison of TIMESTAMP with TIMESTAMP WITH TIME ZONE gives must not depend on where it runs.
            Execute("SET TimeZone = 'UTC'");
        }

        _session = new Session(options.Session);
        FlussFunctions.CreateMacros(this, _session);
    }

    private void OpenBase(string duckDbConnectionString)
    {
        if (_duckDbConnectionString is not null && _duckDbConnectionString != duckDbConnectionString)
        {
            throw new InvalidOperationException(Messages.ConnectionStringAfterOpen);
        }

        _duckDbConnectionString = duckDbConnectionString;
        _duckDbThread = Environment.CurrentManagedThreadId;
        try
        {
            base.Open();
        }
        finally
        {
            _duckDbThread = 0;
        }
    }

    /// <summary>Runs a statement of our own past the command, which takes this connection for open only when all of this is done.</summary>
    private void Execute(string sql)
    {
        using DuckDBCommand command = new(sql, this);
        command.ExecuteNonQuery();
    }

    private void EndStatement()
    {
        if (_reader is not null && _reader.TryGetTarget(out FlussLakeDataReader? reader))
        {
            reader.CloseByConnection();
        }

        _execution?.End();
        _execution = null;
        _reader = null;
    }

    private void RollBack()
    {
        // The second is that of a caller who knows this connection as a DuckDBConnection.
        DbTransaction? transaction = _transaction ?? base.CreateCommand().Transaction;
        _transaction = null;
        try
        {
            transaction?.Dispose();
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            // SQL has ended it already; what is left goes with the native connection.
        }
    }

    /// <summary>Gives back whatever <see cref="OpenCore"/> took, in the reverse order; safe after any part of it.</summary>
    private void Release()
    {
        TimeSpan idleLifetime = Options.Session.ConnectionIdleLifetime;
        try
        {
            if (State != ConnectionState.Closed)
            {
                base.Close();
            }
        }
        finally
        {
            Interlocked.Exchange(ref _session, null)?.Dispose();
            DuckDbInstance? instance = Interlocked.Exchange(ref _instance, null);
            if (Interlocked.Exchange(ref _catalog, null) is { } catalog)
            {
                instance?.Detach(catalog);
            }

            if (instance is not null)
            {
                InstanceRegistry.Release(instance, idleLifetime);
            }
            else if (_ownTempDirectory is not null)
            {
                TempFolder.GiveBack(_ownTempDirectory);
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Nobody is left to see a failure, and the thread is not ours alone.")]
    private void ReleaseAbandoned()
    {
        try
        {
            _quiet = true;
            _execution?.End();
            Release();
        }
        catch (Exception)
        {
            // The native handles have finalisers of their own.
        }
    }

    private Session OpenSession(string operation) =>
        State == ConnectionState.Open && _session is { } session ? session : throw new InvalidOperationException(Messages.NotOpen(operation));
}
