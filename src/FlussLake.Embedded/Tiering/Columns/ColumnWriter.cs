using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>
/// Moves the values of one lake column, or of a field nested in one, from decoded log batches into Parquet columns. Nesting is cut into levels as Parquet wants it:
/// the repetition level says which list a value goes on with, the definition level how many of its optional ancestors are there.
/// </summary>
internal abstract class ColumnWriter(ParquetNode node)
{
    public ParquetNode Node { get; } = node;

    /// <summary>Writes rows of a top-level column.</summary>
    public virtual void WriteRows(in DecodedColumn column, long first, int count)
    {
        for (long row = first; row < first + count; row++)
        {
            WriteSlot(column, row, 0, 0);
        }
    }

    /// <summary>Writes one slot whose ancestors are there.</summary>
    /// <param name="column">The decoded column or nested field.</param>
    /// <param name="slot">The slot in it.</param>
    /// <param name="repetition">The repetition level of the slot's first value.</param>
    /// <param name="definition">The definition level that the ancestors reach.</param>
    public abstract void WriteSlot(in DecodedColumn column, long slot, int repetition, int definition);

    /// <summary>Notes in every leaf that nothing is there from an ancestor on.</summary>
    public abstract void WriteMissing(int repetition, int definition);

    /// <summary>Adds the leaves in the schema's order.</summary>
    public abstract void AddLeaves(List<ParquetColumn> leaves);

    protected bool IsNullable => Node.Repetition == ParquetRepetition.Optional;

    protected static unsafe bool IsNull(in DecodedColumn column, long slot) =>
        column.Validity != 0 && (((byte*)column.Validity)[slot >> 3] >> (int)(slot & 7) & 1) == 0;

    /// <summary>Notes a NULL, unless the lake's column does not allow one.</summary>
    protected void WriteNull(int repetition, int definition)
    {
        if (!IsNullable)
        {
            throw new NotNullException(Node.Name);
        }

        WriteMissing(repetition, definition);
    }
}
