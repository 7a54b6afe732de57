using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>ARRAY and MAP: lists of an element, or of a key and a value.</summary>
/// <param name="node">The column's own group.</param>
/// <param name="items">The element, or the key and the value.</param>
/// <param name="level">The repetition level of the list's second and later items.</param>
internal sealed unsafe class ListWriter(ParquetNode node, ColumnWriter[] items, int level) : ColumnWriter(node)
{
    public override void WriteSlot(in DecodedColumn column, long slot, int repetition, int definition)
    {
        if (IsNull(column, slot))
        {
            WriteNull(repetition, definition);
            return;
        }

        int empty = definition + (IsNullable ? 1 : 0);
        int start = ((int*)column.Offsets)[slot];
        int end = ((int*)column.Offsets)[slot + 1];
        if (start == end)
        {
            WriteMissing(repetition, empty);
            return;
        }

        for (int item = start; item < end; item++)
        {
            WriteItem(column.Children[0], item, item == start ? repetition : level, empty + 1);
        }
    }

    public override void WriteMissing(int repetition, int definition)
    {
        foreach (ColumnWriter item in items)
        {
            item.WriteMissing(repetition, definition);
        }
    }

    public override void AddLeaves(List<ParquetColumn> leaves)
    {
        foreach (ColumnWriter item in items)
        {
            item.AddLeaves(leaves);
        }
    }

    private void WriteItem(in DecodedColumn list, int item, int repetition, int definition)
    {
        if (items.Length == 1)
        {
            items[0].WriteSlot(list, item, repetition, definition);
            return;
        }

        // Arrow keeps a map as a list of structs, which are never null.
        items[0].WriteSlot(list.Children[0], item, repetition, definition);
        items[1].WriteSlot(list.Children[1], item, repetition, definition);
    }
}
