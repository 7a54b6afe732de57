using System.Data.Common;

namespace FlussLake.Data.BulkCopy;

/// <summary>The rows of a data reader's current result, from the next one on. The reader stays its owner's to close.</summary>
internal sealed class ReaderSource : RowSource
{
    private readonly DbDataReader _reader;
    private readonly bool _isAsync;

    public ReaderSource(DbDataReader reader, bool isAsync)
    {
        _reader = reader;
        _isAsync = isAsync;
        string[] names = new string[reader.FieldCount];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.GetName(i);
        }

        Names = names;
    }

    public override IReadOnlyList<string> Names { get; }

    public override SourceColumn Column(int ordinal) => new ReaderColumn(_reader, ordinal);

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_isAsync)
        {
            return new ValueTask<bool>(_reader.ReadAsync(cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(_reader.Read());
    }
}
