using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>The current row of a source, as the columns of the table see it: what a source column cannot give in the column's own type is converted as an object.</summary>
internal sealed class SourceRow : FlussRow
{
    private readonly TableInfo _table;
    private readonly SourceColumn?[] _columns;
    private readonly (int Column, string Name)[] _fetched;
    private readonly bool[] _hasValue;
    private readonly Objects _objects;

    /// <summary>Creates a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="source">The source.</param>
    /// <param name="positions">The position in the source of each column of the table; -1 for one that it lacks, which is NULL.</param>
    public SourceRow(TableInfo table, RowSource source, int[] positions)
    {
        _table = table;
        _columns = [.. positions.Select(position => position < 0 ? null : source.Column(position))];
        _fetched = [.. Enumerable.Range(0, positions.Length).Where(column => positions[column] >= 0).OrderBy(column => positions[column]).Select(column => (column, source.Names[positions[column]]))];
        _hasValue = new bool[positions.Length];
        _objects = new Objects(table.Path, table.Schema.Columns, _columns);
    }

    /// <summary>
    /// Takes the values of the source's current row, in the source's order and each once: readers may give them no other way, and a property may give another value the next time,
    /// with which the row would not belong to its bucket.
    /// </summary>
    /// <param name="row">The number of the row, from 1, for messages.</param>
    /// <exception cref="FlussLakeException">The source does not give a value; the message names row and column.</exception>
    public void Fetch(long row)
    {
        foreach ((int column, string name) in _fetched)
        {
            try
            {
                _hasValue[column] = _columns[column]!.Fetch();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new FlussLakeException(Messages.BadRow(row, Messages.NoValue(name, exception.Message)), exception);
            }
        }
    }

    public override bool IsNull(int column) => !_hasValue[column];

    public override bool GetBoolean(int column) => _columns[column]!.TryBoolean(out bool value) ? value : _objects.GetBoolean(column);

    public override long GetInt64(int column)
    {
        SourceColumn source = _columns[column]!;
        long value;
        bool fits = _table.Schema.Columns[column].Type.Kind switch
        {
            FlussTypeKind.Date => source.TryDays(out value),
            FlussTypeKind.Time => source.TryNanosecondsOfDay(out value),
            _ => source.TryInt64(out value),
        };
        return fits ? value : _objects.GetInt64(column);
    }

    public override double GetDouble(int column) => _columns[column]!.TryDouble(out double value) ? value : _objects.GetDouble(column);

    public override (long Milliseconds, int Nanoseconds) GetTimestamp(int column)
    {
        SourceColumn source = _columns[column]!;
        (long, int) value;
        bool fits = _table.Schema.Columns[column].Type.Kind == FlussTypeKind.Timestamp ? source.TryClock(out value) : source.TryInstant(out value);
        return fits ? value : _objects.GetTimestamp(column);
    }

    public override Int128 GetUnscaledDecimal(int column, int precision, int scale) =>
        _columns[column]!.Scale(scale, out Int128 unscaled) == ScaledDecimal.Exact ? unscaled : _objects.GetUnscaledDecimal(column, precision, scale);

    public override ReadOnlySpan<byte> GetBytes(int column) => _objects.GetBytes(column);

    public override FlussRow GetNested(int column, out int count) => _objects.GetNested(column, out count);

    private sealed class Objects(TablePath path, IReadOnlyList<FlussColumn> schema, IReadOnlyList<SourceColumn?> columns) : ObjectValues(path)
    {
        protected override object? Value(int column) => columns[column]!.Value();

        protected override FlussType TypeOf(int column) => schema[column].Type;

        protected override string PathOf(int column) => schema[column].Name;

        protected override int NestedSlot(int column) => column;
    }
}
