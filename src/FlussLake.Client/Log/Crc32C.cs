using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlussLake.Client.Log;

/// <summary>CRC-32C (Castagnoli), as log batches carry it. The runtime uses the instructions of SSE4.2 and ARM where there are any, and tables elsewhere.</summary>
internal static class Crc32C
{
    // Below this the three interleaved runs do not pay.
    private const int InterleavedBlock = 1024;

    // Maps a CRC to the CRC after InterleavedBlock further zero bytes: four tables, one for each of its bytes.
    private static readonly uint[] s_shiftBlock = BuildShift(InterleavedBlock);

    // At once as fast as it gets: a query is over before the runtime would have found out how hot this is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;

        // The instruction takes three cycles but starts every cycle: three independent runs keep it busy.
        while (bytes.Length >= 3 * InterleavedBlock)
        {
            ReadOnlySpan<ulong> first = MemoryMarshal.Cast<byte, ulong>(bytes[..InterleavedBlock]);
            ReadOnlySpan<ulong> second = MemoryMarshal.Cast<byte, ulong>(bytes[InterleavedBlock..(2 * InterleavedBlock)]);
            ReadOnlySpan<ulong> third = MemoryMarshal.Cast<byte, ulong>(bytes[(2 * InterleavedBlock)..(3 * InterleavedBlock)]);
            uint b = 0;
            uint c = 0;
            for (int i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
            {
                crc = BitOperations.Crc32C(crc, LittleEndian(first[i]));
                b = BitOperations.Crc32C(b, LittleEndian(second[i]));
                c = BitOperations.Crc32C(c, LittleEndian(third[i]));
            }

            crc = Shift(Shift(crc) ^ b) ^ c;
            bytes = bytes[(3 * InterleavedBlock)..];
        }

        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, LittleEndian(word));
        }

        foreach (byte value in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static ulong LittleEndian(ulong word) => BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);

    private static uint Shift(uint crc)
    {
        uint[] table = s_shiftBlock;
        return table[crc & 0xFF] ^ table[256 + ((crc >> 8) & 0xFF)] ^ table[512 + ((crc >> 16) & 0xFF)] ^ table[768 + (crc >> 24)];
    }

    // CRC over zeros is linear over GF(2): the images of the 32 bits give the image of every CRC.
    private static uint[] BuildShift(int zeros)
    {
        Span<uint> images = stackalloc uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            uint crc = 1u << bit;
            for (int i = 0; i < zeros / 8; i++)
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            images[bit] = crc;
        }

        uint[] table = new uint[4 * 256];
        for (int position = 0; position < 4; position++)
        {
            for (int value = 0; value < 256; value++)
            {
                uint image = 0;
                for (int bit = 0; bit < 8; bit++)
                {
                    image ^= (value >> bit & 1) != 0 ? images[(position * 8) + bit] : 0;
                }

                table[(position * 256) + value] = image;
            }
        }

        return table;
    }
}
