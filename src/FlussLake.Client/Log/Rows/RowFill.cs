using System.Runtime.CompilerServices;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>The second pass: puts each value into its column. It is given what the first pass was given, so everything has its room.</summary>
internal readonly unsafe struct RowFill(RowColumn[] columns) : IRowSink
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Null(ColumnLayout column)
    {
        ref RowColumn filled = ref columns[column.Node];
        long slot = filled.Next++;
        filled.Validity[slot >> 3] &= (byte)~(1 << (int)(slot & 7));
        switch (column.Shape)
        {
            case ColumnShape.FixedWidth:
                Unsafe.InitBlockUnaligned(filled.Data + (slot * column.Width), 0, (uint)column.Width);
                break;
            case ColumnShape.VariableWidth or ColumnShape.List:
                filled.Offsets[slot + 1] = filled.Filled;
                break;
            case ColumnShape.Struct:
                foreach (ColumnLayout child in column.Children)
                {
                    Null(child);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(ColumnLayout column, long value)
    {
        ref RowColumn filled = ref columns[column.Node];
        long slot = filled.Next++;
        switch (column.Width)
        {
            case 0:
                filled.Data[slot >> 3] |= (byte)((value != 0 ? 1 : 0) << (int)(slot & 7));
                break;
            case sizeof(byte):
                filled.Data[slot] = (byte)value;
                break;
            case sizeof(short):
                ((short*)filled.Data)[slot] = (short)value;
                break;
            case sizeof(int):
                ((int*)filled.Data)[slot] = (int)value;
                break;
            case sizeof(long):
                ((long*)filled.Data)[slot] = value;
                break;
            default:
                ((Int128*)filled.Data)[slot] = value;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Decimal(ColumnLayout column, Int128 value)
    {
        ref RowColumn filled = ref columns[column.Node];
        ((Int128*)filled.Data)[filled.Next++] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bytes(ColumnLayout column, ReadOnlySpan<byte> value)
    {
        ref RowColumn filled = ref columns[column.Node];
        value.CopyTo(new Span<byte>(filled.Data + filled.Filled, value.Length));
        filled.Filled += value.Length;
        filled.Offsets[++filled.Next] = filled.Filled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void List(ColumnLayout column, int count)
    {
        ref RowColumn filled = ref columns[column.Node];
        filled.Filled += count;
        filled.Offsets[++filled.Next] = filled.Filled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Struct(ColumnLayout column) => columns[column.Node].Next++;
}
