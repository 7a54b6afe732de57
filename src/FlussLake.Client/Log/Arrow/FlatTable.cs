using System.Buffers.Binary;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// One table of a flatbuffer, read in place. Every position is checked against the span and against the table's own size, so hostile offsets end in an exception.
/// Format: <see href="https://flatbuffers.dev/internals/"/>.
/// </summary>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _start;
    private readonly int _size;
    private readonly ReadOnlySpan<byte> _slots;

    private FlatTable(ReadOnlySpan<byte> bytes, long start)
    {
        // A table starts with the signed distance back to its vtable; that one holds its own size, the table's size, and the position of each field.
        if (start < 0 || start > bytes.Length - 4)
        {
            throw Invalid();
        }

        _bytes = bytes;
        _start = (int)start;
        long vtable = start - BinaryPrimitives.ReadInt32LittleEndian(bytes[_start..]);
        if (vtable < 0 || vtable > bytes.Length - 4)
        {
            throw Invalid();
        }

        int vtableSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)vtable..]);
        _size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)vtable + 2)..]);
        if (vtableSize < 4 || vtableSize % 2 != 0 || vtableSize > bytes.Length - vtable || _size < 4 || _size > bytes.Length - start)
        {
            throw Invalid();
        }

        _slots = bytes.Slice((int)vtable + 4, vtableSize - 4);
    }

    /// <summary>The root table of a flatbuffer.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes)
        => bytes.Length < 4 ? throw Invalid() : new FlatTable(bytes, BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    public byte Byte(int field, byte absent) => TryFind(field, 1, out int at) ? _bytes[at] : absent;

    public short Int16(int field, short absent) => TryFind(field, 2, out int at) ? BinaryPrimitives.ReadInt16LittleEndian(_bytes[at..]) : absent;

    public long Int64(int field, long absent) => TryFind(field, 8, out int at) ? BinaryPrimitives.ReadInt64LittleEndian(_bytes[at..]) : absent;

    /// <summary>The table that a field points to; false where the field is absent.</summary>
    public bool TryTable(int field, out FlatTable table)
    {
        if (!TryFind(field, 4, out int at))
        {
            table = default;
            return false;
        }

        table = new FlatTable(_bytes, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]));
        return true;
    }

    /// <summary>The elements of a vector of structs; empty where the field is absent.</summary>
    public ReadOnlySpan<byte> Vector(int field, int elementSize)
    {
        if (!TryFind(field, 4, out int at))
        {
            return [];
        }

        long vector = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);
        if (vector > _bytes.Length - 4)
        {
            throw Invalid();
        }

        ReadOnlySpan<byte> rest = _bytes[(int)vector..];
        long length = BinaryPrimitives.ReadUInt32LittleEndian(rest) * (long)elementSize;
        return length > rest.Length - 4 ? throw Invalid() : rest.Slice(4, (int)length);
    }

    private bool TryFind(int field, int size, out int at)
    {
        at = 0;
        int slot = field * 2;
        if (slot >= _slots.Length)
        {
            return false;
        }

        int position = BinaryPrimitives.ReadUInt16LittleEndian(_slots[slot..]);
        if (position == 0)
        {
            return false;
        }

        if (position < 4 || position > _size - size)
        {
            throw Invalid();
        }

        at = _start + position;
        return true;
    }

    private static BatchFormatException Invalid() => new("an offset inside the Arrow metadata points outside of it");
}
