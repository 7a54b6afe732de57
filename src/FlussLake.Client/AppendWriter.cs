using Apache.Arrow;

using FlussLake.Client.Metadata;
using FlussLake.Client.Write;

namespace FlussLake.Client;

/// <summary>
/// Appends rows to a table without primary key. Rows are gathered to batches, one for each bucket, which are sent when they are full, when they have lingered, and at a
/// flush. Opened by <see cref="FlussClient.OpenAppendWriterAsync"/>.
/// </summary>
/// <remarks>
/// <para>
/// Rows are written when they are acknowledged: after <see cref="FlushAsync"/> or <see cref="DisposeAsync"/> returned. With idempotence each row is then in the log exactly
/// once, whatever requests failed meanwhile, and the rows of a bucket lie in the order in which they were appended.
/// </para>
/// <para>
/// A batch that cannot be delivered ends the writer: every later call throws the first failure, which says how many rows are acknowledged and how many may be in the log or
/// not. A row that does not fit its table is refused by <see cref="AppendAsync(IReadOnlyList{object}, CancellationToken)"/>, and the writer goes on.
/// </para>
/// <para>
/// Calls may come from several threads. The order of rows that are appended at the same time is not defined. Callers who await without a synchronization context may continue on threads
/// of the client.
/// </para>
/// </remarks>
public sealed class AppendWriter : IAsyncDisposable
{
    private readonly AppendPipeline _pipeline;

    // Borrowed by each call; one that finds it gone makes another.
    private ObjectRow? _spareRow;

    internal AppendWriter(TableInfo table, AppendPipeline pipeline)
    {
        Table = table;
        _pipeline = pipeline;
    }

    /// <summary>The table as it was when the writer was opened. Rows have its columns; columns that were added since are NULL.</summary>
    public TableInfo Table { get; }

    /// <summary>The rows that were taken so far.</summary>
    public long RowsAppended => _pipeline.RowsAppended;

    /// <summary>The rows that servers have acknowledged so far.</summary>
    public long RowsAcknowledged => _pipeline.RowsAcknowledged;

    internal AppendPipeline Pipeline => _pipeline;

    /// <summary>
    /// Appends a row. Waits while <see cref="AppendWriterOptions.BufferMemory"/> is used up, and until the row's partition is known or created; otherwise the task is complete at once.
    /// </summary>
    /// <param name="row">
    /// The values, one for each column; null and <see cref="DBNull"/> are NULL. Integers fit by value, TIMESTAMP takes <see cref="DateTime"/> and TIMESTAMP_LTZ
    /// <see cref="DateTimeOffset"/> (both also <see cref="FlussTimestamp"/>), DATE <see cref="DateOnly"/>, TIME <see cref="TimeOnly"/>, ARRAY any list, MAP any dictionary (of pairs, each key once), ROW a list or a
    /// dictionary by field name. The list may be used again once the task is complete.
    /// </param>
    /// <param name="cancellationToken">Stops the waiting; the row is not appended then.</param>
    /// <returns>A task that ends when the writer has taken the row.</returns>
    /// <exception cref="ArgumentException">
    /// A value does not fit its column, which the message names, or the row is more than servers take of a batch (96 MiB). The writer goes on without the row.
    /// </exception>
    /// <exception cref="FlussException">
    /// The writer has failed. Or the row's partition does not exist and is not created, or its creation failed: then the writer goes on without the row.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public ValueTask AppendAsync(IReadOnlyList<object?> row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        ObjectRow borrowed = Interlocked.Exchange(ref _spareRow, null) ?? new ObjectRow(Table.Path, Table.Schema);
        ValueTask appended;
        try
        {
            borrowed.Set(row);
            appended = _pipeline.AppendAsync(borrowed, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            appended = ValueTask.FromException(exception);
        }

        if (appended.IsCompleted)
        {
            _spareRow = borrowed;
        }

        return appended;
    }

    /// <summary>Appends the rows of an Arrow record batch, in order, as <see cref="AppendAsync(IReadOnlyList{object}, CancellationToken)"/> does each.</summary>
    /// <param name="batch">
    /// The rows. Columns are matched by position; each may be of any Arrow type whose values fit its column. The batch must stay until the task is complete, and is not disposed.
    /// </param>
    /// <param name="cancellationToken">Stops the appending; the rows before are appended then, as <see cref="RowsAppended"/> shows.</param>
    /// <returns>A task that ends when the writer has taken all rows.</returns>
    /// <exception cref="ArgumentException">
    /// The columns do not fit the table's, and nothing was appended; or a value does not fit its column: the message names the row, and the rows before it are appended. The writer goes on.
    /// </exception>
    /// <exception cref="FlussException">
    /// The writer has failed. Or a row's partition does not exist and is not created, or its creation failed: then the rows before are appended, and the writer goes on.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public async ValueTask AppendAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArrowRow row = new(Table.Path, Table.Schema);
        row.Set(batch);
        for (int i = 0; i < batch.Length; i++)
        {
            row.Index = i;
            try
            {
                await _pipeline.AppendAsync(row, cancellationToken).ConfigureAwait(false);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"Row {i} of the batch, and none after it, was not appended: {exception.Message}", nameof(batch), exception);
            }
        }
    }

    /// <summary>Waits until everything that was appended before the call is acknowledged; sends open batches at once.</summary>
    /// <param name="cancellationToken">Stops the waiting; the rows stay on their way.</param>
    /// <returns>A task that ends with the last acknowledgement.</returns>
    /// <exception cref="FlussException">The writer has failed, before or while it waited.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _pipeline.FlushAsync(cancellationToken);

    /// <summary>Flushes, and gives everything back. Throws the writer's failure where no call has thrown it before, so that no lost row goes unnoticed.</summary>
    /// <returns>A task that ends when the writer holds nothing any more.</returns>
    public ValueTask DisposeAsync() => new(_pipeline.CloseAsync());

    /// <summary>Stops without flushing. Rows that are not acknowledged yet may be in the log or not.</summary>
    internal void Abandon() => _pipeline.Abandon();

    /// <summary>Appends a row that need not be kept: where there is room, without an allocation.</summary>
    internal ValueTask AppendAsync(FlussRow row, CancellationToken cancellationToken) => _pipeline.AppendAsync(row, cancellationToken);
}
