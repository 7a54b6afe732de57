using System.Numerics;

namespace FlussLake.Client.Write.Columns;

/// <summary>Bits in the order of Arrow, the least significant first, that grow one by one. Bits behind the last one are zero.</summary>
internal sealed class BitBuffer
{
    private byte[] _bytes = new byte[32];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, (Length + 7) >> 3);

    public bool this[int index] => (_bytes[index >> 3] & (1 << (index & 7))) != 0;

    public void Append(bool bit)
    {
        int index = Length;
        int at = index >> 3;
        if (at == _bytes.Length)
        {
            Array.Resize(ref _bytes, at * 2);
        }

        _bytes[at] |= (byte)((bit ? 1 : 0) << (index & 7));
        Length = index + 1;
    }

    /// <summary>Drops the bits from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        if (length >= Length)
        {
            return;
        }

        int used = (Length + 7) >> 3;
        Length = length;
        int kept = (length + 7) >> 3;
        Array.Clear(_bytes, kept, used - kept);
        if ((length & 7) != 0)
        {
            _bytes[kept - 1] &= (byte)((1 << (length & 7)) - 1);
        }
    }

    public int CountZeros()
    {
        int ones = 0;
        foreach (byte value in Bytes)
        {
            ones += BitOperations.PopCount(value);
        }

        return Length - ones;
    }
}
