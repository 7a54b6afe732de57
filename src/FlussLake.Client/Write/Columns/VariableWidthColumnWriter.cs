using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>BYTES, and by its heir CHAR and STRING: offsets and bytes.</summary>
internal class VariableWidthColumnWriter(string place, FlussType type) : ColumnWriter(place, type)
{
    private readonly OffsetBuffer _offsets = new();
    private byte[] _bytes = new byte[256];

    public sealed override long ValueBytes => (4L * Length) + _offsets[Length];

    protected virtual void Check(ReadOnlySpan<byte> value)
    {
    }

    protected sealed override void AppendValue(FlussRow row, int column)
    {
        ReadOnlySpan<byte> value = row.GetBytes(column);
        Check(value);
        int start = _offsets[Length];
        long end = (long)start + value.Length;
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, GrowingSize.For(_bytes.Length, end, Place));
        }

        value.CopyTo(_bytes.AsSpan(start));
        _offsets.SetEnd(Length, (int)end);
    }

    protected sealed override void AppendEmpty() => _offsets.SetEnd(Length, _offsets[Length]);

    protected sealed override bool AreSameValues(int one, int other) => Value(one).SequenceEqual(Value(other));

    protected sealed override int HashOfValue(int index)
    {
        HashCode hash = default;
        hash.AddBytes(Value(index));
        return hash.ToHashCode();
    }

    protected sealed override void WriteValues(BodyWriter body)
    {
        body.AddBuffer(_offsets.Bytes(Length));
        body.AddBuffer(_bytes.AsSpan(0, _offsets[Length]));
    }

    private ReadOnlySpan<byte> Value(int index) => _bytes.AsSpan(_offsets[index].._offsets[index + 1]);
}
