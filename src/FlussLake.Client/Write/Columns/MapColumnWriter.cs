using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>MAP: offsets into a struct of keys and values, which Arrow calls the entries.</summary>
internal sealed class MapColumnWriter(string place, FlussType type, ColumnWriter keys, ColumnWriter values) : ColumnWriter(place, type)
{
    private readonly OffsetBuffer _offsets = new();
    private readonly BitBuffer _entries = new();

    public override long ValueBytes => (4L * Length) + keys.ValueBytes + values.ValueBytes;

    public override void Truncate(int length)
    {
        base.Truncate(length);
        int entries = _offsets[length];
        _entries.Truncate(entries);
        keys.Truncate(entries);
        values.Truncate(entries);
    }

    protected override void AppendValue(FlussRow row, int column)
    {
        FlussRow nested = row.GetNested(column, out int count);
        for (int i = 0; i < count; i++)
        {
            keys.Append(nested, 2 * i);
            values.Append(nested, (2 * i) + 1);
            _entries.Append(true);
        }

        _offsets.SetEnd(Length, _entries.Length);
    }

    protected override void AppendEmpty() => _offsets.SetEnd(Length, _offsets[Length]);

    protected override void WriteValues(BodyWriter body)
    {
        body.AddBuffer(_offsets.Bytes(Length));
        body.AddNode(_entries.Length, 0);
        body.AddBuffer(_entries.Bytes);
        keys.Write(body);
        values.Write(body);
    }
}
