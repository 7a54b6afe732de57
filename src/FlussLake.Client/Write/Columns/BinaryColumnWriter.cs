using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>BINARY(n): n bytes a value. The Java client cuts longer values and fails on shorter ones; here both are refused.</summary>
internal sealed class BinaryColumnWriter(string place, FlussType type) : ColumnWriter(place, type)
{
    private byte[] _values = [];

    public override long ValueBytes => (long)Length * Type.Length;

    protected override void AppendValue(FlussRow row, int column)
    {
        ReadOnlySpan<byte> value = row.GetBytes(column);
        if (value.Length != Type.Length)
        {
            throw ValueErrors.WrongLength(Place, Type, value.Length);
        }

        value.CopyTo(Slot());
    }

    protected override void AppendEmpty() => Slot().Clear();

    protected override bool AreSameValues(int one, int other) => Value(one).SequenceEqual(Value(other));

    protected override int HashOfValue(int index)
    {
        HashCode hash = default;
        hash.AddBytes(Value(index));
        return hash.ToHashCode();
    }

    protected override void WriteValues(BodyWriter body) => body.AddBuffer(_values.AsSpan(0, Length * Type.Length));

    private ReadOnlySpan<byte> Value(int index) => _values.AsSpan(index * Type.Length, Type.Length);

    private Span<byte> Slot()
    {
        long end = (long)(Length + 1) * Type.Length;
        if (end > _values.Length)
        {
            Array.Resize(ref _values, GrowingSize.For(_values.Length, end, Place));
        }

        return _values.AsSpan((int)end - Type.Length, Type.Length);
    }
}
