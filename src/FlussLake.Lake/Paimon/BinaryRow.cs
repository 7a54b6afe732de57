using System.Buffers.Binary;

namespace FlussLake.Lake.Paimon;

/// <summary>
/// A serialised row as manifests keep partition values: the number of fields (big-endian), then null bits, a slot of 8 bytes for each field, and what does not fit
/// into slots (all little-endian). Paimon's table format, "BinaryRow".
/// </summary>
internal readonly ref struct BinaryRow
{
    private const int SlotSize = 8;
    private const int InlineLimit = 7;
    private readonly ReadOnlySpan<byte> _row;
    private readonly int _slots;

    private BinaryRow(ReadOnlySpan<byte> row, int fields, int slots)
    {
        _row = row;
        FieldCount = fields;
        _slots = slots;
    }

    internal int FieldCount { get; }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out BinaryRow row)
    {
        row = default;
        if (bytes.Length < 4) return false;
        int fields = BinaryPrimitives.ReadInt32BigEndian(bytes);
        ReadOnlySpan<byte> rest = bytes[4..];
        if (fields < 0 || fields > rest.Length / SlotSize) return false;
        int nullBytes = (fields + 63 + 8) / 64 * 8;
        if (rest.Length < nullBytes + (fields * SlotSize)) return false;
        row = new BinaryRow(rest, fields, nullBytes);
        return true;
    }

    /// <summary>Whether a field is NULL. The first byte of the null bits is the row's kind.</summary>
    internal bool IsNull(int field) => (_row[(field + 8) / 8] >> (field % 8) & 1) != 0;

    internal byte GetByte(int field) => Slot(field)[0];

    internal short GetInt16(int field) => BinaryPrimitives.ReadInt16LittleEndian(Slot(field));

    internal int GetInt32(int field) => BinaryPrimitives.ReadInt32LittleEndian(Slot(field));

    internal long GetInt64(int field) => BinaryPrimitives.ReadInt64LittleEndian(Slot(field));

    /// <summary>Gets a text's or binary value's bytes: up to seven stand in the slot, longer ones behind the slots.</summary>
    internal bool TryGetBytes(int field, out ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> slot = Slot(field);
        if ((slot[7] & 0x80) == 0) return TryGetVariable(field, out bytes);
        int length = slot[7] & 0x7F;
        bytes = length <= InlineLimit ? slot[..length] : default;
        return length <= InlineLimit;
    }

    /// <summary>Gets a timestamp of more than three digits: the milliseconds stand behind the slots, the slot holds the rest.</summary>
    internal bool TryGetTimestamp(int field, out long milliseconds, out int nanosOfMillisecond)
    {
        ulong slot = BinaryPrimitives.ReadUInt64LittleEndian(Slot(field));
        nanosOfMillisecond = (int)(uint)slot;
        uint offset = (uint)(slot >> 32);
        milliseconds = 0;
        if (offset > _row.Length - (long)sizeof(long) || nanosOfMillisecond is < 0 or > 999_999) return false;
        milliseconds = BinaryPrimitives.ReadInt64LittleEndian(_row[(int)offset..]);
        return true;
    }

    private bool TryGetVariable(int field, out ReadOnlySpan<byte> bytes)
    {
        ulong slot = BinaryPrimitives.ReadUInt64LittleEndian(Slot(field));
        uint offset = (uint)(slot >> 32);
        uint length = (uint)slot;
        bool fits = (ulong)offset + length <= (ulong)_row.Length;
        bytes = fits ? _row.Slice((int)offset, (int)length) : default;
        return fits;
    }

    private ReadOnlySpan<byte> Slot(int field) => _row.Slice(_slots + (field * SlotSize), SlotSize);
}
