using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlussLake.Client.Log.Rows;

/// <summary>
/// The bytes of one row, read from front to back. False where they end too early, or are not what they have to be. As the walk, compiled fully at the first call: a query is
/// over before the runtime finds out what is hot.
/// </summary>
internal ref struct RowBytes(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; } = position;

    public readonly int Left => _bytes.Length - Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        if ((uint)length > (uint)Left)
        {
            taken = default;
            return false;
        }

        taken = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    /// <summary>Reads a number of 1, 2, 4 or 8 bytes, with its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFixed(int width, out long value)
    {
        if (!TryTake(width, out ReadOnlySpan<byte> taken))
        {
            value = 0;
            return false;
        }

        value = Fixed(taken);
        return true;
    }

    /// <summary>Reads an unsigned varint of up to 32 bits as the signed number that it is the pattern of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryVarint32(out int value)
    {
        if (!TryVarint64(out long wide) || (ulong)wide > uint.MaxValue)
        {
            value = 0;
            return false;
        }

        value = (int)wide;
        return true;
    }

    /// <summary>Reads an unsigned varint of up to 64 bits as the signed number that it is the pattern of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryVarint64(out long value)
    {
        int at = Position;
        if (at < _bytes.Length && _bytes[at] < 0x80)
        {
            value = _bytes[at];
            Position = at + 1;
            return true;
        }

        return TryLongVarint(out value);
    }

    /// <summary>The signed number that 1, 2, 4 or 8 bytes hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Fixed(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        sizeof(byte) => (sbyte)bytes[0],
        sizeof(short) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryLongVarint(out long value)
    {
        ulong bits = 0;
        int at = Position;
        for (int shift = 0; shift < 64 && at < _bytes.Length; shift += 7)
        {
            byte next = _bytes[at++];
            bits |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // The tenth byte has room for one bit.
                value = (long)bits;
                Position = at;
                return shift < 63 || next <= 1;
            }
        }

        value = 0;
        return false;
    }
}
