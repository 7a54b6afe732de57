using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>ROW.</summary>
internal sealed class RowWriter(ParquetNode node, ColumnWriter[] fields) : ColumnWriter(node)
{
    public override void WriteSlot(in DecodedColumn column, long slot, int repetition, int definition)
    {
        if (IsNull(column, slot))
        {
            WriteNull(repetition, definition);
            return;
        }

        int inside = definition + (IsNullable ? 1 : 0);
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].WriteSlot(column.Children[i], slot, repetition, inside);
        }
    }

    public override void WriteMissing(int repetition, int definition)
    {
        foreach (ColumnWriter field in fields)
        {
            field.WriteMissing(repetition, definition);
        }
    }

    public override void AddLeaves(List<ParquetColumn> leaves)
    {
        foreach (ColumnWriter field in fields)
        {
            field.AddLeaves(leaves);
        }
    }
}
