using System.Buffers.Binary;
using System.Numerics;

namespace FlussLake.Client.Write.Keys;

/// <summary>Murmur3 of 32 bits, as it is and as Fluss, like Flink and Paimon, computes it.</summary>
internal static class Murmur3
{
    private const uint FlussSeed = 42;

    /// <summary>The variant of Fluss: each byte behind the last word of four is mixed in as a word of its own, with its sign.</summary>
    public static uint FlussHash(ReadOnlySpan<byte> bytes)
    {
        uint hash = Words(bytes, FlussSeed);
        foreach (byte tail in bytes[(bytes.Length & ~3)..])
        {
            hash = (uint)MixWord((int)hash, (sbyte)tail);
        }

        return Finish(hash ^ (uint)bytes.Length);
    }

    /// <summary>The standard function, x86, 32 bits.</summary>
    public static uint Hash(ReadOnlySpan<byte> bytes, uint seed)
    {
        uint hash = Words(bytes, seed);
        uint tail = 0;
        ReadOnlySpan<byte> rest = bytes[(bytes.Length & ~3)..];
        for (int i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        return Finish(hash ^ Scramble(tail) ^ (uint)bytes.Length);
    }

    public static int MixWord(int hash, int word) => (int)((BitOperations.RotateLeft((uint)hash ^ Scramble((uint)word), 13) * 5) + 0xe6546b64);

    public static uint Finish(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Words(ReadOnlySpan<byte> bytes, uint hash)
    {
        for (int i = 0; i + 4 <= bytes.Length; i += 4)
        {
            hash = (uint)MixWord((int)hash, BinaryPrimitives.ReadInt32LittleEndian(bytes[i..]));
        }

        return hash;
    }

    private static uint Scramble(uint word) => BitOperations.RotateLeft(word * 0xcc9e2d51, 15) * 0x1b873593;
}
