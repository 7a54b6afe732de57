namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Numbers in groups of seven bits, as protobuf and Avro write them.</summary>
internal static class VarintBytes
{
    public static byte[] Of(ulong value)
    {
        List<byte> bytes = [];
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] ZigZag(long value) => Of((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Reads the number at a position; false where it does not end inside of the bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public static long ReadZigZag(ReadOnlySpan<byte> bytes, ref int at)
    {
        TryRead(bytes, ref at, out ulong value);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
