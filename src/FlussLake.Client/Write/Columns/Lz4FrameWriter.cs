using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace FlussLake.Client.Write.Columns;

/// <summary>
/// Writes LZ4 frames as the Java client does: independent blocks of 64 KiB, without checksums and content size.
/// Format: <see href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md"/>.
/// </summary>
internal static class Lz4FrameWriter
{
    private const int BlockSize = 64 << 10;
    private const uint StoredBlock = 0x80000000;
    private const int WordSize = 4;

    /// <summary>Magic, FLG (version 01, independent blocks), BD (64 KiB) and the checksum byte of the two.</summary>
    private static ReadOnlySpan<byte> Header => [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];

    /// <summary>Compresses into a frame.</summary>
    /// <returns>The frame's length; 0 where the target is too short for it.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (target.Length < Header.Length + WordSize)
        {
            return 0;
        }

        Header.CopyTo(target);
        int written = Header.Length;
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(BlockSize, source.Length)];

            // Behind each block stand at least the length of the next one, or the end mark.
            int room = target.Length - written - (2 * WordSize);
            if (room <= 0)
            {
                return 0;
            }

            Span<byte> place = target.Slice(written + WordSize, room);
            int length = LZ4Codec.Encode(block, place[..Math.Min(room, block.Length - 1)]);
            uint word = (uint)length;
            if (length <= 0)
            {
                if (block.Length > room)
                {
                    return 0;
                }

                block.CopyTo(place);
                length = block.Length;
                word = (uint)length | StoredBlock;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(target[written..], word);
            written += WordSize + length;
            source = source[block.Length..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[written..], 0);
        return written + WordSize;
    }
}
