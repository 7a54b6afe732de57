using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace FlussLake.Lake.Avro;

/// <summary>Decompresses the blocks of an Avro file, each up to a limit, whatever size the block claims.</summary>
internal static class AvroCodec
{
    /// <summary>Windows of at most 128 MiB, those of the highest level: a block's window is allocated before its bytes are seen.</summary>
    private const int MaximumWindowLog = 27;

    internal static ReadOnlyMemory<byte> Decompress(string codec, ReadOnlyMemory<byte> block, int limit, string file)
    {
        try
        {
            return codec switch
            {
                "null" => block.Length <= limit ? block : throw TooLarge(file, limit),
                "deflate" => Deflate(block, limit, file),
                "zstandard" => Zstandard(block.Span, limit, file),
                "snappy" => Snappy(block.Span, limit, file),
                _ => throw LakeErrors.FileNotSupported(
                    file, $"its Avro codec '{codec}' is not supported", "Supported are null, deflate, snappy and zstandard (Paimon's option 'manifest.compression')."),
            };
        }
        catch (Exception e) when (e is not LakeException)
        {
            throw LakeErrors.Damaged(file, $"a block cannot be decompressed with the codec '{codec}'", e);
        }
    }

    private static ReadOnlyMemory<byte> Deflate(ReadOnlyMemory<byte> block, int limit, string file)
    {
        using MemoryStream source = new(block.ToArray(), writable: false);
        using DeflateStream inflate = new(source, CompressionMode.Decompress);
        byte[] target = new byte[InitialSize(block.Length, limit)];
        int filled = 0;
        while (true)
        {
            if (filled == target.Length) Grow(ref target, limit, file);
            int read = inflate.Read(target, filled, target.Length - filled);
            if (read == 0) return target.AsMemory(0, filled);
            filled += read;
        }
    }

    private static ReadOnlyMemory<byte> Zstandard(ReadOnlySpan<byte> block, int limit, string file)
    {
        // A stream, because Java's writer leaves the content's size out of the frame.
        using Decompressor decompressor = new();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaximumWindowLog);
        byte[] target = new byte[InitialSize(block.Length, limit)];
        int filled = 0;
        while (true)
        {
            OperationStatus status = decompressor.UnwrapStream(block, target.AsSpan(filled), out int consumed, out int written);
            block = block[consumed..];
            filled += written;
            if (status == OperationStatus.Done && block.IsEmpty) return target.AsMemory(0, filled);
            if (filled == target.Length) Grow(ref target, limit, file);
            else if (consumed == 0 && written == 0) throw LakeErrors.Damaged(file, "a compressed block is cut short");
        }
    }

    private static ReadOnlyMemory<byte> Snappy(ReadOnlySpan<byte> block, int limit, string file)
    {
        // Avro puts a big-endian CRC-32 of the uncompressed bytes behind the compressed ones.
        if (block.Length < 5) throw LakeErrors.Damaged(file, "a compressed block is cut short");
        ReadOnlySpan<byte> compressed = block[..^4];
        int length = Snappier.Snappy.GetUncompressedLength(compressed);
        if (length < 0 || length > limit) throw TooLarge(file, limit);

        // The densest element of the format makes 64 bytes of three.
        if (length / 32 > compressed.Length) throw LakeErrors.Damaged(file, $"a compressed block of {block.Length} bytes claims to hold {length}");
        byte[] target = new byte[length];
        if (Snappier.Snappy.Decompress(compressed, target) != length) throw LakeErrors.Damaged(file, "a compressed block is cut short");
        if (Crc32.HashToUInt32(target) != BinaryPrimitives.ReadUInt32BigEndian(block[^4..])) throw LakeErrors.Damaged(file, "a block's checksum differs");
        return target;
    }

    private static int InitialSize(int compressed, int limit) => (int)Math.Clamp(compressed * 4L, Math.Min(1024, limit), limit);

    private static void Grow(ref byte[] target, int limit, string file)
    {
        if (target.Length >= limit) throw TooLarge(file, limit);
        Array.Resize(ref target, (int)Math.Min(limit, target.Length * 2L));
    }

    private static LakeException TooLarge(string file, int limit) => LakeErrors.Damaged(file, $"its blocks hold more than {limit} bytes when decompressed");
}
