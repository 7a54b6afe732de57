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

    protected override bool AreSameValues(int one, int other)
    {
        int count = _offsets[one + 1] - _offsets[one];
        bool same = count == _offsets[other + 1] - _offsets[other];
        for (int i = 0; i < count && same; i++)
        {
            same = elements.AreSame(_offsets[one] + i, _offsets[other] + i);
        }

        return same;
    }

    protected override int HashOfValue(int index)
    {
        HashCode hash = default;
        for (int i = _offsets[index]; i < _offsets[index + 1]; i++)
        {
            hash.Add(elements.HashOf(i));
        }

        return hash.ToHashCode();
    }

    protected override void WriteValues(BodyWriter body)
    {
        body.AddBuffer(_offsets.Bytes(Length));
        elements.Write(body);
    }
}
