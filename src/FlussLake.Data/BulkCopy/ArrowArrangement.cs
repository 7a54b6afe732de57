using Apache.Arrow;
using Apache.Arrow.Types;

namespace FlussLake.Data.BulkCopy;

/// <summary>Puts the columns of Arrow batches in the order of the table's. One arrangement serves all batches of one schema.</summary>
internal sealed class ArrowArrangement
{
    private readonly Schema _source;
    private readonly int[] _positions;
    private readonly Schema _arranged;

    /// <summary>Creates an arrangement.</summary>
    /// <param name="source">The schema of the batches.</param>
    /// <param name="positions">The position in the batches of each column of the table; -1 for one that they lack, which becomes NULL.</param>
    public ArrowArrangement(Schema source, int[] positions)
    {
        _source = source;
        _positions = positions;
        _arranged = new Schema(positions.Select(position => position < 0 ? new Field("", NullType.Default, nullable: true) : source.FieldsList[position]), null);
    }

    /// <summary>Whether a batch has the columns that this arrangement was made for.</summary>
    public bool Fits(Schema schema) => ReferenceEquals(schema, _source)
        || (schema.FieldsList.Count == _source.FieldsList.Count && schema.FieldsList.Zip(_source.FieldsList).All(pair => pair.First.Name == pair.Second.Name && pair.First.DataType.Equals(pair.Second.DataType)));

    /// <summary>The columns of a batch as another batch, which shares their memory: only the former is disposed.</summary>
    public RecordBatch Of(RecordBatch batch) =>
        new(_arranged, _positions.Select(position => position < 0 ? new NullArray(batch.Length) : batch.Column(position)), batch.Length);
}
