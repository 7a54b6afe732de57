using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Apache.Arrow;
using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.BulkCopy;

/// <summary>One copy to one table.</summary>
internal sealed class TableCopy(
    TablePath path, IReadOnlyCollection<FlussBulkCopyColumnMapping> mappings, long notifyAfter, Func<long, long, bool> notify, CancellationToken cancellationToken)
{
    private AppendWriter? _writer;
    private long _rows;
    private long _nextNotice = notifyAfter > 0 ? notifyAfter : long.MaxValue;
    private bool _aborted;

    public long RowsAcknowledged => _writer?.RowsAcknowledged ?? 0;

    private AppendWriter Writer => _writer!;

    private TableInfo Table => Writer.Table;

    /// <summary>Opens the table, appends what <paramref name="copyRows"/> brings, and waits until all of it is acknowledged.</summary>
    public async Task<long> RunAsync(FlussClient client, AppendWriterOptions options, Func<TableCopy, Task> copyRows)
    {
        try
        {
            _writer = await client.OpenAppendWriterAsync(path, options, cancellationToken).ConfigureAwait(false);
            ExceptionDispatchInfo? failure = await TryCopyAsync(copyRows).ConfigureAwait(false);

            // Also after a failure of the source: what became of the rows before it must be certain. A writer that has failed throws its failure here.
            await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            failure?.Throw();
            return _aborted ? throw new OperationCanceledException(Messages.CopyAborted) : _rows;
        }
        catch (FlussException exception)
        {
            throw FlussLakeException.From(exception);
        }
        finally
        {
            _writer?.Abandon();
        }
    }

    /// <summary>Appends the rows of a source.</summary>
    public async Task RowsAsync(RowSource source)
    {
        int[] positions = Match(source.Names);
        SourceRow row = new(Table, source, positions);
        while (!_aborted && await source.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (source.IsNull)
            {
                throw NullRow();
            }

            row.Fetch(Writer.RowsAppended + 1);
            await TakenAsync(Writer.AppendAsync(row, cancellationToken)).ConfigureAwait(false);
            Count(1);
        }
    }

    /// <summary>Appends objects.</summary>
    public async Task ObjectsAsync<T>(IAsyncEnumerable<T> rows)
        where T : notnull
    {
        IAsyncEnumerator<T> enumerator = rows.GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable _ = enumerator.ConfigureAwait(false);
        await (typeof(IReadOnlyList<object?>).IsAssignableFrom(typeof(T)) ? ListsAsync(enumerator) : RowsAsync(new ObjectSource<T>(enumerator))).ConfigureAwait(false);
    }

    /// <summary>Appends the rows of Arrow batches.</summary>
    public async Task BatchesAsync(IAsyncEnumerable<RecordBatch> batches)
    {
        ArrowArrangement? arrangement = null;
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (arrangement?.Fits(batch.Schema) != true)
            {
                arrangement = new ArrowArrangement(batch.Schema, Match([.. batch.Schema.FieldsList.Select(field => field.Name)]));
            }

            await TakenAsync(Writer.AppendAsync(arrangement.Of(batch), cancellationToken)).ConfigureAwait(false);
            Count(batch.Length);
            if (_aborted)
            {
                return;
            }
        }
    }

    private async Task ListsAsync<T>(IAsyncEnumerator<T> rows)
    {
        if (mappings.Count > 0)
        {
            throw new FlussLakeException(Messages.NoSourceColumn(mappings.First().SourceColumn));
        }

        while (!_aborted && await rows.MoveNextAsync().ConfigureAwait(false))
        {
            IReadOnlyList<object?> row = rows.Current as IReadOnlyList<object?> ?? throw NullRow();
            await TakenAsync(Writer.AppendAsync(row, cancellationToken)).ConfigureAwait(false);
            Count(1);
        }
    }

    private int[] Match(IReadOnlyList<string> names) => ColumnMatch.Find(path, Table.Schema.Columns, names, mappings);

    private async Task<ExceptionDispatchInfo?> TryCopyAsync(Func<TableCopy, Task> copyRows)
    {
        try
        {
            await copyRows(this).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Thrown again once the rows before it are written.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    // Waits until the writer has taken a row, or names the one that it refuses.
    private async ValueTask TakenAsync(ValueTask appending)
    {
        try
        {
            await appending.ConfigureAwait(false);
        }
        catch (ArgumentException exception)
        {
            throw new FlussLakeException(Messages.BadRow(Writer.RowsAppended + 1, exception.Message), exception);
        }
        catch (FlussException exception)
        {
            // Thrown where the writer itself has failed; otherwise it only refused the row, for want of its partition.
            await Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            throw FlussLakeException.From(exception, Messages.BadRow(Writer.RowsAppended + 1, exception.Message));
        }
    }

    private FlussLakeException NullRow() => new(Messages.BadRow(Writer.RowsAppended + 1, Messages.NullRow));

    private void Count(int rows)
    {
        _rows += rows;
        if (_rows < _nextNotice)
        {
            return;
        }

        _nextNotice = _rows - (_rows % notifyAfter) + notifyAfter;
        _aborted = !notify(_rows, Writer.RowsAcknowledged);
    }
}
