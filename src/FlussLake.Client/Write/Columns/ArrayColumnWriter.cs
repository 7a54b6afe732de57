using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>ARRAY: offsets into a child that holds the elements of all rows.</summary>
internal sealed class ArrayColumnWriter(string place, FlussType type, ColumnWriter elements) : ColumnWriter(place, type)
{
    private readonly OffsetBuffer _offsets = new();

    public override long ValueBytes => (4L * Length) + elements.ValueBytes;

    public override void Truncate(int length)
    {
        base.Truncate(length);
        elements.Truncate(_offsets[length]);
    }

    protected override void AppendValue(FlussRow row, int column)
    {
        FlussRow nested = row.GetNested(column, out int count);
        for (int i = 0; i < count; i++)
        {
            elements.Append(nested, i);
        }

        _offsets.SetEnd(Length, elements.Length);
    }

    protected override void AppendEmpty() => _offsets.SetEnd(Length, _offsets[Length]);

    protected override void WriteValues(BodyWriter body)
    {
        body.AddBuffer(_offsets.Bytes(Length));
        elements.Write(body);
    }
}
