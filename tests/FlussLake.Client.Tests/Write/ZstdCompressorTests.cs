using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Write.Columns;

namespace FlussLake.Client.Tests.Write;

/// <summary>Both libraries that compress with ZSTD: which one a machine has, nobody sees in the log.</summary>
public sealed unsafe class ZstdCompressorTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 22)]
    [InlineData(false, 1)]
    [InlineData(false, 22)]
    public void Frames_are_read_back_by_either_library_and_one_compressor_makes_many(bool native, int level)
    {
        using ZstdCompressor compressor = native ? new NativeZstdCompressor() : new ManagedZstdCompressor();
        foreach (int length in new[] { 1, 1000, 300_000 })
        {
            byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i / 7 % 251))];
            byte[] frame = new byte[length + 100];
            int written = compressor.Compress(content, frame, level);
            Assert.InRange(written, 1, frame.Length);
            using ZstdFrame byNative = new NativeZstdFrame();
            using ZstdFrame byManaged = new ManagedZstdFrame();
            Assert.Equal(content, Decompress(byNative, frame[..written], length));
            Assert.Equal(content, Decompress(byManaged, frame[..written], length));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_target_that_is_too_short_gives_no_frame_and_the_compressor_works_on(bool native)
    {
        using ZstdCompressor compressor = native ? new NativeZstdCompressor() : new ManagedZstdCompressor();
        byte[] content = new byte[1000];
        new Random(5).NextBytes(content);
        Assert.Equal(0, compressor.Compress(content, new byte[content.Length - 1], 3));
        Assert.Equal(0, compressor.Compress(content, [], 3));
        Assert.InRange(compressor.Compress(new byte[1000], new byte[999], 3), 1, 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_disposed_compressor_compresses_nothing(bool native)
    {
        ZstdCompressor compressor = native ? new NativeZstdCompressor() : new ManagedZstdCompressor();
        compressor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => compressor.Compress(new byte[10], new byte[100], 3));
    }

    private static byte[] Decompress(ZstdFrame zstd, byte[] frame, int length)
    {
        byte[] content = new byte[length];
        fixed (byte* source = frame)
        fixed (byte* target = content)
        {
            Assert.True(zstd.TryDecompress(source, frame.Length, target, length));
        }

        return content;
    }
}
