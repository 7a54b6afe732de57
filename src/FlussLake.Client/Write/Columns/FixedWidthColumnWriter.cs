using System.Runtime.InteropServices;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>A column of values of one size.</summary>
/// <typeparam name="T">The value as Arrow stores it.</typeparam>
internal abstract class FixedWidthColumnWriter<T>(string place, FlussType type) : ColumnWriter(place, type)
    where T : unmanaged
{
    private T[] _values = new T[64];

    public sealed override unsafe long ValueBytes => (long)Length * sizeof(T);

    protected abstract T Read(FlussRow row, int column);

    protected sealed override void AppendValue(FlussRow row, int column) => Store(Read(row, column));

    protected sealed override void AppendEmpty() => Store(default);

    protected sealed override bool AreSameValues(int one, int other) => EqualityComparer<T>.Default.Equals(_values[one], _values[other]);

    protected sealed override int HashOfValue(int index) => _values[index].GetHashCode();

    protected sealed override void WriteValues(BodyWriter body) => body.AddBuffer(MemoryMarshal.AsBytes(_values.AsSpan(0, Length)));

    private void Store(T value)
    {
        int index = Length;
        if (index == _values.Length)
        {
            Array.Resize(ref _values, index * 2);
        }

        _values[index] = value;
    }
}
