using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>The first pass: counts.</summary>
internal readonly struct RowMeasure(RowColumn[] columns) : IRowSink
{
    public void Null(ColumnLayout column)
    {
        ref RowColumn counted = ref columns[column.Node];
        counted.Length++;
        counted.Nulls++;
        if (column.Shape == ColumnShape.Struct)
        {
            foreach (ColumnLayout child in column.Children)
            {
                Null(child);
            }
        }
    }

    public void Number(ColumnLayout column, long value) => columns[column.Node].Length++;

    public void Decimal(ColumnLayout column, Int128 value) => columns[column.Node].Length++;

    public void Bytes(ColumnLayout column, ReadOnlySpan<byte> value) => List(column, value.Length);

    public void List(ColumnLayout column, int count)
    {
        ref RowColumn counted = ref columns[column.Node];
        counted.Length++;
        counted.Items += count;
    }

    public void Struct(ColumnLayout column) => columns[column.Node].Length++;
}
