using System.Buffers.Binary;

namespace FlussLake.Client.Write.Keys;

/// <summary>The bytes of one encoded key; reused for the next.</summary>
internal sealed class KeyBuffer
{
    private byte[] _bytes = new byte[64];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Appends zeros, and gives them to be overwritten.</summary>
    public Span<byte> Extend(int length)
    {
        int start = Length;
        int end = checked(start + length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L)));
        }

        Length = end;
        Span<byte> added = _bytes.AsSpan(start, length);
        added.Clear();
        return added;
    }

    public void AppendByte(byte value) => Extend(1)[0] = value;

    public void AppendInt16(short value) => BinaryPrimitives.WriteInt16LittleEndian(Extend(2), value);

    public void AppendInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Extend(4), value);

    public void AppendInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Extend(8), value);

    public void AppendBytes(ReadOnlySpan<byte> value) => value.CopyTo(Extend(value.Length));

    public void SetInt64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(at), value);

    public void SetByte(int at, byte value) => _bytes[at] = value;

    public byte GetByte(int at) => _bytes[at];

    /// <summary>Seven bits a byte, the lowest first, without zigzag: a negative 32-bit value takes 5 bytes, one of 64 bits 10.</summary>
    public void AppendVarint(ulong value)
    {
        while (value >= 0x80)
        {
            AppendByte((byte)(value | 0x80));
            value >>= 7;
        }

        AppendByte((byte)value);
    }

    /// <summary>Two's complement, the highest byte first, in as few bytes as hold it.</summary>
    public void AppendBigEndian(Int128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        int start = 0;
        while (start < 15 && ((bytes[start] == 0 && bytes[start + 1] < 0x80) || (bytes[start] == 0xFF && bytes[start + 1] >= 0x80)))
        {
            start++;
        }

        AppendBytes(bytes[start..]);
    }
}
