using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>A column without nested fields.</summary>
internal abstract class LeafWriter(ParquetColumn target) : ColumnWriter(target.Node)
{
    protected ParquetColumn Target { get; } = target;

    public sealed override void WriteRows(in DecodedColumn column, long first, int count)
    {
        if (column.Validity == 0)
        {
            Target.AddPresentRows(count);
            Append(column, first, count);
            return;
        }

        base.WriteRows(column, first, count);
    }

    public sealed override void WriteSlot(in DecodedColumn column, long slot, int repetition, int definition)
    {
        if (IsNull(column, slot))
        {
            WriteNull(repetition, definition);
            return;
        }

        Target.AddPresent(repetition);
        Append(column, slot, 1);
    }

    public sealed override void WriteMissing(int repetition, int definition) => Target.AddMissing(repetition, definition);

    public sealed override void AddLeaves(List<ParquetColumn> leaves) => leaves.Add(Target);

    /// <summary>Appends the bytes of slots that are all there.</summary>
    protected abstract void Append(in DecodedColumn column, long first, int count);
}
