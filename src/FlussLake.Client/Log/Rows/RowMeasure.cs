using System.Runtime.CompilerServices;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>The first pass: counts.</summary>
internal readonly struct RowMeasure(RowColumn[] columns) : IRowSink
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(ColumnLayout column, long value) => columns[column.Node].Length++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Decimal(ColumnLayout column, Int128 value) => columns[column.Node].Length++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bytes(ColumnLayout column, ReadOnlySpan<byte> value) => List(column, value.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void List(ColumnLayout column, int count)
    {
        ref RowColumn counted = ref columns[column.Node];
        counted.Length++;
        counted.Items += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Struct(ColumnLayout column) => columns[column.Node].Length++;
}
