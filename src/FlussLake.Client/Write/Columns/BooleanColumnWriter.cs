using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>BOOLEAN: one bit a value.</summary>
internal sealed class BooleanColumnWriter(string place, FlussType type) : ColumnWriter(place, type)
{
    private readonly BitBuffer _values = new();

    public override long ValueBytes => _values.Bytes.Length;

    public override void Truncate(int length)
    {
        base.Truncate(length);
        _values.Truncate(length);
    }

    protected override void AppendValue(FlussRow row, int column) => _values.Append(row.GetBoolean(column));

    protected override void AppendEmpty() => _values.Append(false);

    protected override bool AreSameValues(int one, int other) => _values[one] == _values[other];

    protected override int HashOfValue(int index) => _values[index] ? 1 : 0;

    protected override void WriteValues(BodyWriter body) => body.AddBuffer(_values.Bytes);
}
