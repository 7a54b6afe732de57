using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// Decompresses LZ4 frames into memory of exactly known size, block by block and without buffers of its own. Checksums are stepped over: the batch has its own.
/// Format: <see href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md"/>.
/// </summary>
internal static unsafe class Lz4Frame
{
    private const uint Magic = 0x184D2204;
    private const uint StoredBlock = 0x80000000;
    private const int DictionarySize = 64 << 10;

    /// <summary>A byte of LZ4 stands for at most 255 bytes of content.</summary>
    private const long LargestRatio = 255;

    /// <summary>Whether a frame may hold <paramref name="length"/> bytes: asked before memory is set aside for them.</summary>
    public static bool CanHold(ReadOnlySpan<byte> source, long length)
        => length <= source.Length * LargestRatio && TryReadHeader(source, out FrameHeader header) && (header.ContentSize is not { } size || size == (ulong)length);

    /// <summary>Decompresses the frame at the start of <paramref name="source"/>; padding may follow it.</summary>
    /// <returns>False where it is damaged or does not hold exactly <paramref name="targetLength"/> bytes.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, byte* target, int targetLength)
    {
        if (!TryReadHeader(source, out FrameHeader header))
        {
            return false;
        }

        source = source[header.Size..];
        int written = 0;
        while (source.Length >= 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(source);
            if (word == 0)
            {
                return written == targetLength;
            }

            source = source[4..];
            long blockLength = word & ~StoredBlock;
            if (blockLength + header.BlockTrailer > source.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> block = source[..(int)blockLength];
            int length = (word & StoredBlock) != 0
                ? Store(block, target + written, targetLength - written)
                : Decode(block, target, written, targetLength - written, header.BlocksAreLinked);
            if (length <= 0)
            {
                return false;
            }

            written += length;
            source = source[(block.Length + header.BlockTrailer)..];
        }

        return false;
    }

    private static int Store(ReadOnlySpan<byte> block, byte* target, int room)
    {
        if (block.Length > room)
        {
            return -1;
        }

        block.CopyTo(new Span<byte>(target, room));
        return block.Length;
    }

    private static int Decode(ReadOnlySpan<byte> block, byte* target, int written, int room, bool linked)
    {
        fixed (byte* source = block)
        {
            int dictionary = linked ? Math.Min(written, DictionarySize) : 0;
            return dictionary == 0
                ? LZ4Codec.Decode(source, block.Length, target + written, room)
                : LZ4Codec.Decode(source, block.Length, target + written, room, target + written - dictionary, dictionary);
        }
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
        {
            return false;
        }

        // FLG: version (2 bits, 01), independent blocks, block checksums, content size, content checksum, reserved, dictionary id.
        byte flags = source[4];
        bool hasSize = (flags & 0x08) != 0;
        int size = hasSize ? 15 : 7;
        if ((flags & 0xC3) != 0x40 || source.Length < size)
        {
            return false;
        }

        header = new FrameHeader(size, (flags & 0x20) == 0, (flags & 0x10) != 0 ? 4 : 0, hasSize ? BinaryPrimitives.ReadUInt64LittleEndian(source[6..]) : null);
        return true;
    }

    private readonly record struct FrameHeader(int Size, bool BlocksAreLinked, int BlockTrailer, ulong? ContentSize);
}
