using System.Buffers.Binary;

namespace FlussLake.Lake.Paimon;

/// <summary>Builds a serialised row, the counterpart of <see cref="BinaryRow"/>. Fields that are not set are zero.</summary>
internal sealed class BinaryRowWriter
{
    private const int ArityBytes = 4;
    private const int SlotSize = 8;
    private const int InlineLimit = 7;
    private readonly int _slots;
    private byte[] _bytes;

    internal BinaryRowWriter(int fields)
    {
        _slots = ArityBytes + ((fields + 63 + 8) / 64 * 8);
        _bytes = new byte[_slots + (fields * SlotSize)];
        BinaryPrimitives.WriteInt32BigEndian(_bytes, fields);
    }

    internal byte[] ToArray() => (byte[])_bytes.Clone();

    internal void SetNull(int field) => _bytes[ArityBytes + ((field + 8) / 8)] |= (byte)(1 << (field % 8));

    internal void SetByte(int field, byte value) => Slot(field)[0] = value;

    internal void SetInt16(int field, short value) => BinaryPrimitives.WriteInt16LittleEndian(Slot(field), value);

    internal void SetInt32(int field, int value) => BinaryPrimitives.WriteInt32LittleEndian(Slot(field), value);

    internal void SetInt64(int field, long value) => BinaryPrimitives.WriteInt64LittleEndian(Slot(field), value);

    /// <summary>Sets a text or binary value: up to seven bytes stand in the slot, longer ones behind the slots.</summary>
    internal void SetBytes(int field, ReadOnlySpan<byte> value)
    {
        if (value.Length <= InlineLimit)
        {
            Span<byte> slot = Slot(field);
            value.CopyTo(slot);
            slot[7] = (byte)(0x80 | value.Length);
            return;
        }

        SetInt64(field, Append(value) << 32 | (uint)value.Length);
    }

    /// <summary>Sets a timestamp of more than three digits.</summary>
    internal void SetTimestamp(int field, long milliseconds, int nanosOfMillisecond)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, milliseconds);
        SetInt64(field, Append(bytes) << 32 | (uint)nanosOfMillisecond);
    }

    /// <summary>Appends bytes, padded to whole slots; gives their offset in the row, which begins behind the number of fields.</summary>
    private long Append(ReadOnlySpan<byte> value)
    {
        int at = _bytes.Length;
        Array.Resize(ref _bytes, at + ((value.Length + SlotSize - 1) / SlotSize * SlotSize));
        value.CopyTo(_bytes.AsSpan(at));
        return at - ArityBytes;
    }

    private Span<byte> Slot(int field) => _bytes.AsSpan(_slots + (field * SlotSize), SlotSize);
}
