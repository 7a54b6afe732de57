using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>The current row of a source, as the columns of the table see it: what a source column cannot give in the column's own type is converted as an object.</summary>
internal sealed class SourceRow(TableInfo table, IReadOnlyList<SourceColumn?> columns) : FlussRow
{
    private readonly Objects _objects = new(table.Path, table.Schema.Columns, columns);

    public override bool IsNull(int column) => columns[column]?.Fetch() != true;

    public override bool GetBoolean(int column) => columns[column]!.TryBoolean(out bool value) ? value : _objects.GetBoolean(column);

    public override long GetInt64(int column)
    {
        SourceColumn source = columns[column]!;
        long value;
        bool fits = table.Schema.Columns[column].Type.Kind switch
        {
            FlussTypeKind.Date => source.TryDays(out value),
            FlussTypeKind.Time => source.TryNanosecondsOfDay(out value),
            _ => source.TryInt64(out value),
        };
        return fits ? value : _objects.GetInt64(column);
    }

    public override double GetDouble(int column) => columns[column]!.TryDouble(out double value) ? value : _objects.GetDouble(column);

    public override (long Milliseconds, int Nanoseconds) GetTimestamp(int column)
    {
        SourceColumn source = columns[column]!;
        (long, int) value;
        bool fits = table.Schema.Columns[column].Type.Kind == FlussTypeKind.Timestamp ? source.TryClock(out value) : source.TryInstant(out value);
        return fits ? value : _objects.GetTimestamp(column);
    }

    public override Int128 GetUnscaledDecimal(int column, int precision, int scale) =>
        columns[column]!.Scale(scale, out Int128 unscaled) == ScaledDecimal.Exact ? unscaled : _objects.GetUnscaledDecimal(column, precision, scale);

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
