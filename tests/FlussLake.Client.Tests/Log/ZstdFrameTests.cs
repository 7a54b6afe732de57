using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

public sealed unsafe class ZstdFrameTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Frames_are_read_with_and_without_their_size(bool native, bool withSize)
    {
        byte[] content = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i / 7 % 251))];
        byte[] frame = Compress(content, withSize);
        using ZstdFrame zstd = native ? new NativeZstdFrame() : new ManagedZstdFrame();
        Assert.Equal(content, Decompress(zstd, frame, content.Length));
        Assert.Equal(content, Decompress(zstd, [.. frame, 0, 0, 0, 0, 0], content.Length));
        Assert.Null(Decompress(zstd, frame, content.Length - 1));
        Assert.Null(Decompress(zstd, frame, content.Length + 1));
        Assert.Null(Decompress(zstd, frame[..^1], content.Length));
        fixed (byte* source = frame)
        {
            Assert.True(zstd.CanHold(source, frame.Length, content.Length));
            Assert.Equal(!withSize, zstd.CanHold(source, frame.Length, content.Length + 1));
            Assert.False(zstd.CanHold(source, frame.Length, (frame.Length * 32_768L) + 1));
        }
    }

    private static byte[] Compress(byte[] content, bool withSize)
    {
        using ZstdSharp.Compressor compressor = new();
        if (withSize)
        {
            return compressor.Wrap(content).ToArray();
        }

        using MemoryStream target = new();
        using (ZstdSharp.CompressionStream stream = new(target, leaveOpen: true))
        {
            stream.Write(content);
        }

        return target.ToArray();
    }

    private static byte[]? Decompress(ZstdFrame zstd, byte[] frame, int length)
    {
        byte[] target = new byte[length + 1];
        target[length] = 0xA5;
        fixed (byte* source = frame)
        fixed (byte* first = target)
        {
            bool whole = zstd.TryDecompress(source, frame.Length, first, length);
            Assert.Equal(0xA5, target[length]);
            return whole ? target[..length] : null;
        }
    }
}
