using System.Data.Common;
using Apache.Arrow;
using FlussLake.Client;
using FlussLake.Client.Threading;
using FlussLake.Data.BulkCopy;
using FlussLake.Data.Clients;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data;

/// <summary>
/// Appends many rows to a Fluss log table, in the manner of SqlBulkCopy: from a <see cref="DbDataReader"/> of any provider, from objects, from Arrow batches. It needs the
/// servers and credentials of a connection, not its DuckDB: a reader of the same connection may be the source.
/// </summary>
/// <remarks>
/// <para>Columns are matched by name: as it stands, else ignoring case, else ignoring case and underscores. A source column without a counterpart is an error; a column of
/// the table that the source lacks becomes NULL. <see cref="ColumnMappings"/> says otherwise.</para>
/// <para>When a call returns, the cluster has acknowledged every row. A copy is not a transaction: rows that were acknowledged before it failed stay, and readers may see rows
/// while it runs. What .NET types the columns take is said at <see cref="AppendWriter.AppendAsync(IReadOnlyList{object}, CancellationToken)"/>; a value that does not fit
/// ends the copy with an error that names row and column.</para>
/// <para>One copy runs at a time on an instance. It holds no resources between copies.</para>
/// </remarks>
public sealed class FlussBulkCopy
{
    private readonly Func<string> _database;
    private readonly SessionSettings _settings;
    private int _timeout;
    private int _copying;

    /// <summary>Creates a bulk copy to the servers of a connection, which need not be open.</summary>
    /// <param name="connection">The connection: its servers, credentials and current database count.</param>
    public FlussBulkCopy(FlussLakeConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _settings = connection.Options.Session;
        _database = () => connection.Database;
    }

    /// <summary>Creates a bulk copy without a connection.</summary>
    /// <param name="connectionString">A connection string of <see cref="FlussLakeConnection"/>.</param>
    /// <exception cref="ArgumentException">A key is unknown or a value is not valid.</exception>
    public FlussBulkCopy(string connectionString)
        : this(new FlussLakeConnection(connectionString))
    {
    }

    /// <summary>The table, as <c>table</c> or <c>database.table</c>.</summary>
    public string DestinationTableName { get; set; } = "";

    /// <summary>Which source column goes to which column of the table. Empty, the default: all of them, by name. Otherwise source columns that are not named are left out.</summary>
    public ICollection<FlussBulkCopyColumnMapping> ColumnMappings { get; } = [];

    /// <summary>How rows are batched, sent and retried.</summary>
    public AppendWriterOptions WriterOptions { get; set; } = new();

    /// <summary>After how many rows <see cref="RowsCopied"/> is raised; 0, the default, means never.</summary>
    public long NotifyAfter { get; set; }

    /// <summary>How long one copy may take, in seconds; 0, the default, means no limit (each batch still has <see cref="AppendWriterOptions.DeliveryTimeout"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int BulkCopyTimeout
    {
        get => _timeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    /// <summary>Raised by the copying call, between two rows, each time that another <see cref="NotifyAfter"/> rows are taken from the source.</summary>
    public event EventHandler<FlussRowsCopiedEventArgs>? RowsCopied;

    /// <summary>Appends the rows of a reader's current result, from the next one on. The reader stays open.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="cancellationToken">Ends the copy; rows that are on their way then may be written or not.</param>
    /// <returns>The number of rows, all of them acknowledged.</returns>
    /// <exception cref="FlussLakeException">
    /// The table cannot be written, a column or value does not fit or cannot be read, or the cluster failed; the message says what became of the rows. What else the source or a handler
    /// throws comes through, once the rows before it are written.
    /// </exception>
    /// <exception cref="InvalidOperationException">This instance is copying already, or <see cref="DestinationTableName"/> is not set.</exception>
    public Task<long> WriteToServerAsync(DbDataReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return CopyAsync(copy => copy.RowsAsync(new ReaderSource(reader, isAsync: true)), cancellationToken);
    }

    /// <summary>Appends the rows of a reader's current result, blocking. See <see cref="WriteToServerAsync(DbDataReader, CancellationToken)"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The number of rows, all of them acknowledged.</returns>
    public long WriteToServer(DbDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);

        // Safe to block: nothing that is waited for needs the caller's thread, nor one of the thread pool.
        return CopyAsync(copy => copy.RowsAsync(new ReaderSource(reader, isAsync: false)), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Appends objects. Readable public properties are columns; rows that are lists of objects (<c>object[]</c>) have a value for each column of the table, in order.</summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="rows">The rows; an enumerator that waits must heed the token that it is given, else a cancelled or timed-out copy waits with it.</param>
    /// <param name="cancellationToken">Ends the copy; rows that are on their way then may be written or not.</param>
    /// <returns>The number of rows, all of them acknowledged.</returns>
    /// <inheritdoc cref="WriteToServerAsync(DbDataReader, CancellationToken)" path="/exception"/>
    public Task<long> WriteToServerAsync<T>(IAsyncEnumerable<T> rows, CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(rows);
        return CopyAsync(copy => copy.ObjectsAsync(rows), cancellationToken);
    }

    /// <inheritdoc cref="WriteToServerAsync{T}(IAsyncEnumerable{T}, CancellationToken)"/>
    public Task<long> WriteToServerAsync<T>(IEnumerable<T> rows, CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(rows);
        return WriteToServerAsync(new Enumerated<T>(rows), cancellationToken);
    }

    /// <summary>Appends Arrow batches. They stay the caller's to dispose; each may go once the next one is asked for.</summary>
    /// <param name="batches">The batches; columns are matched anew where they change.</param>
    /// <param name="cancellationToken">Ends the copy; rows that are on their way then may be written or not.</param>
    /// <returns>The number of rows, all of them acknowledged.</returns>
    /// <inheritdoc cref="WriteToServerAsync(DbDataReader, CancellationToken)" path="/exception"/>
    public Task<long> WriteToServerAsync(IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return CopyAsync(copy => copy.BatchesAsync(batches), cancellationToken);
    }

    /// <inheritdoc cref="WriteToServerAsync(IAsyncEnumerable{RecordBatch}, CancellationToken)"/>
    public Task<long> WriteToServerAsync(IEnumerable<RecordBatch> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return WriteToServerAsync(new Enumerated<RecordBatch>(batches), cancellationToken);
    }

    private async Task<long> CopyAsync(Func<TableCopy, Task> copyRows, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _copying, 1) != 0)
        {
            throw new InvalidOperationException(Messages.CopyInProgress);
        }

        try
        {
            TablePath path = Destination();
            TimeSpan timeout = TimeSpan.FromSeconds(_timeout);
            using CancellationTokenSource overdue = _timeout == 0 ? new() : new(timeout, DedicatedTimeProvider.Instance);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overdue.Token);
            ClientKey servers = new(_settings.BootstrapServers, _settings.UserId, _settings.Password);
            using ClientLease lease = ClientPool.Lease(servers, _settings.ConnectionIdleLifetime);
            TableCopy copy = new(path, [.. ColumnMappings], NotifyAfter, Notify, stop.Token);
            try
            {
                return await copy.RunAsync(lease.Client, WriterOptions, copyRows).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (overdue.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                string message = Messages.CopyTimedOut(path, timeout, copy.RowsAcknowledged);
                throw new FlussLakeException(message, new TimeoutException(message), isTransient: true, "57014");
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
            {
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _copying, 0);
        }
    }

    private TablePath Destination()
    {
        if (string.IsNullOrEmpty(DestinationTableName))
        {
            throw new InvalidOperationException(Messages.NoDestinationTable);
        }

        TableReference reference = TableReference.Parse(DestinationTableName, null, null, _database());
        return reference.Half != TableHalf.Both ? throw new FlussLakeException(Messages.CopyToHalf(DestinationTableName))
            : _settings.BootstrapServers.Count == 0 ? throw new FlussLakeException(Messages.CopyNeedsServers(DestinationTableName))
            : reference.Table;
    }

    /// <summary>Tells the handlers how far the copy is; false where one of them wants it to end.</summary>
    private bool Notify(long rowsCopied, long rowsAcknowledged)
    {
        FlussRowsCopiedEventArgs progress = new(rowsCopied, rowsAcknowledged);
        RowsCopied?.Invoke(this, progress);
        return !progress.Abort;
    }
}
