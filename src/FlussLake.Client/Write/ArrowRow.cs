using Apache.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write.ArrowRows;

namespace FlussLake.Client.Write;

/// <summary>
/// The rows of Arrow record batches. Columns are matched by position; each Arrow type may be of any width and unit that its Fluss type can take the values of, and may be
/// dictionary-encoded. TIMESTAMP takes timestamps without a zone, TIMESTAMP_LTZ those with one. A value that does not fit is refused when its row is written.
/// </summary>
/// <param name="table">The table, for messages.</param>
/// <param name="schema">The schema version of the rows.</param>
internal sealed class ArrowRow(TablePath table, TableSchema schema) : ArrowCells
{
    private readonly ArrowColumn[] _columns = new ArrowColumn[schema.Columns.Count];
    private Schema? _arrow;

    /// <summary>The index of the row in the batch.</summary>
    public int Index { get; set; }

    /// <summary>Takes the next batch, whose row 0 is the first. The batch must stay until its rows are written.</summary>
    /// <exception cref="ArgumentException">The number of columns is another one, or a column's type does not fit: the message names the column and both types.</exception>
    public void Set(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!ReferenceEquals(_arrow, batch.Schema))
        {
            Match(batch.Schema);
        }

        for (int i = 0; i < _columns.Length; i++)
        {
            IArrowArray column = batch.Column(i);
            if (column.Length < batch.Length)
            {
                throw ValueErrors.ShortColumn(ValueErrors.Place(table, schema.Columns[i].Name), column.Length, batch.Length);
            }

            _columns[i].Set(column);
        }

        Index = 0;
    }

    protected override ArrowColumn At(int column, out int index)
    {
        index = Index;
        return _columns[column];
    }

    private void Match(Schema arrow)
    {
        _arrow = null;
        if (arrow.FieldsList.Count != _columns.Length)
        {
            throw new ArgumentException($"An Arrow batch of {arrow.FieldsList.Count} columns cannot be written to table {table}, which has {_columns.Length} columns.", nameof(arrow));
        }

        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i] = ArrowColumns.Create(table, schema.Columns[i].Name, schema.Columns[i].Type, arrow.FieldsList[i].DataType);
        }

        _arrow = arrow;
    }
}
