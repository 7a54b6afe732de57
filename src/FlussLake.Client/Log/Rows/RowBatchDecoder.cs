using System.Runtime.InteropServices;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>
/// Decodes batches of rows into the columns that ARROW batches give. It goes over the rows twice: the first time it counts what there is of each column, then it takes one
/// slab for all of them and fills it. One instance belongs to one thread at a time.
/// </summary>
internal sealed unsafe class RowBatchDecoder(NativeSlabPool pool, long maxBytes)
{
    private const int Padding = NativeSlab.Alignment;

    private RowColumn[] _columns = [];
    private long _slabBytes;

    /// <summary>Decodes the records of a batch.</summary>
    /// <exception cref="BatchFormatException">The records are damaged, or take too much memory.</exception>
    public DecodedLogBatch Decode(ReadOnlySpan<byte> records, in LogBatchHeader header, BatchLayout layout)
    {
        RowFields fields = layout.Rows!;
        Array.Resize(ref _columns, Math.Max(_columns.Length, layout.NodeCount));
        Array.Clear(_columns);
        new RowWalk<RowMeasure>(layout.Format, new RowMeasure(_columns)).Records(records, header.RecordCount, fields, header.IsAppendOnly);
        if (layout.Wanted.Length == 0)
        {
            return new DecodedLogBatch(header.RecordCount, [], null, pool);
        }

        _slabBytes = Padding;
        foreach (ColumnLayout column in layout.Wanted)
        {
            Place(column, null);
        }

        NativeSlab slab = pool.Rent(_slabBytes);
        try
        {
            _slabBytes = Padding;
            foreach (ColumnLayout column in layout.Wanted)
            {
                Place(column, (byte*)slab.Address);
            }

            new RowWalk<RowFill>(layout.Format, new RowFill(_columns)).Records(records, header.RecordCount, fields, header.IsAppendOnly);
            return new DecodedLogBatch(header.RecordCount, Build(layout.Wanted), slab, pool);
        }
        catch
        {
            pool.Return(slab);
            throw;
        }
    }

    /// <summary>Gives the buffers of a column and of what is nested in it their places; without a slab it only counts how large one has to be.</summary>
    private void Place(ColumnLayout layout, byte* slab)
    {
        ref RowColumn column = ref _columns[layout.Node];
        long bits = (column.Length + 7) / 8;
        column.Validity = column.Nulls == 0 ? null : Reserve(layout, slab, bits, 0xFF);
        if (layout.Shape is ColumnShape.VariableWidth or ColumnShape.List)
        {
            column.Offsets = (int*)Reserve(layout, slab, (column.Length + 1) * sizeof(int), null);
            if (slab != null)
            {
                column.Offsets[0] = 0;
            }
        }

        column.Data = layout.Shape switch
        {
            ColumnShape.Bits => Reserve(layout, slab, bits, 0),
            ColumnShape.FixedWidth => Reserve(layout, slab, column.Length * layout.Width, null),
            ColumnShape.VariableWidth => Reserve(layout, slab, column.Items, null),
            _ => null,
        };
        foreach (ColumnLayout child in layout.Children)
        {
            Place(child, slab);
        }
    }

    private byte* Reserve(ColumnLayout layout, byte* slab, long bytes, byte? fill)
    {
        byte* place = slab + _slabBytes;
        _slabBytes += ((bytes + NativeSlab.Alignment - 1) & -NativeSlab.Alignment) + Padding;
        if (bytes > int.MaxValue || _slabBytes > maxBytes)
        {
            throw LogBatchDecoder.TooLarge(layout, maxBytes);
        }

        if (slab != null && fill is { } value)
        {
            NativeMemory.Fill(place, (nuint)bytes, value);
        }

        return place;
    }

    private DecodedColumn[] Build(ColumnLayout[] layouts)
    {
        DecodedColumn[] built = layouts.Length == 0 ? [] : new DecodedColumn[layouts.Length];
        for (int i = 0; i < built.Length; i++)
        {
            ColumnLayout layout = layouts[i];
            ref RowColumn column = ref _columns[layout.Node];
            LogBatchDecoder.CheckValues(layout.Type, column.Length, column.Validity, column.Offsets, column.Data, layout);
            built[i] = new DecodedColumn
            {
                Type = layout.Type,
                Length = column.Length,
                NullCount = column.Nulls,
                Validity = (nint)column.Validity,
                Offsets = (nint)column.Offsets,
                Data = (nint)column.Data,
                Children = Build(layout.Children),
            };
        }

        return built;
    }
}
