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

    public override SourceColumn Column(int ordinal)
    {
        Type type = _reader.GetFieldType(ordinal);
        return type == typeof(decimal) ? new DecimalColumn(_reader, ordinal) : SourceColumn.Create(type, new Factory(_reader, ordinal));
    }

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_isAsync)
        {
            return new ValueTask<bool>(_reader.ReadAsync(cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(_reader.Read());
    }

    private sealed class Factory(DbDataReader reader, int ordinal) : IColumnFactory
    {
        public SourceColumn Create<TValue>() => new SourceColumn<TValue>(TryGet);

        private bool TryGet<TValue>(out TValue value)
        {
            bool isNull = reader.IsDBNull(ordinal);
            value = isNull ? default! : typeof(TValue) == typeof(object) ? (TValue)reader.GetValue(ordinal) : reader.GetFieldValue<TValue>(ordinal);
            return !isNull;
        }
    }
}
