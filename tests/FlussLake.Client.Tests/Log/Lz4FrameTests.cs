using FlussLake.Client.Log.Arrow;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;

namespace FlussLake.Client.Tests.Log;

public sealed unsafe class Lz4FrameTests
{
    [Theory]
    [InlineData(false, false, false, 65_536)]
    [InlineData(true, false, false, 65_536)]
    [InlineData(false, true, true, 65_536)]
    [InlineData(true, true, true, 262_144)]
    public void Frames_of_every_kind_are_read(bool linked, bool checksums, bool size, int blockSize)
    {
        byte[] content = Content(300_000);
        byte[] frame = Compress(content, new LZ4EncoderSettings
        {
            ChainBlocks = linked,
            BlockChecksum = checksums,
            ContentChecksum = checksums,
            BlockSize = blockSize,
        });
        if (size)
        {
            // The encoder cannot write the content's size, which goes behind the two flag bytes. The header's own checksum is not looked at.
            frame[4] |= 0x08;
            frame = [.. frame[..6], .. BitConverter.GetBytes((long)content.Length), .. frame[6..]];
        }

        Assert.True(Lz4Frame.CanHold(frame, content.Length));
        Assert.Equal(content, Decompress(frame, content.Length));
        Assert.Equal(content, Decompress([.. frame, 0, 0, 0], content.Length));
        Assert.Null(Decompress(frame, content.Length - 1));
        Assert.Null(Decompress(frame, content.Length + 1));
        Assert.Equal(!size, Lz4Frame.CanHold(frame, content.Length + 1));
    }

    [Fact]
    public void Blocks_that_could_not_be_compressed_are_copied()
    {
        byte[] content = new byte[100_000];
#pragma warning disable CA5394 // A fixed seed is the point.
        new Random(5).NextBytes(content);
#pragma warning restore CA5394
        Assert.Equal(content, Decompress(Compress(content, new LZ4EncoderSettings { ChainBlocks = false }), content.Length));
    }

    [Fact]
    public void A_length_beyond_what_LZ4_can_reach_is_not_possible()
    {
        byte[] frame = Compress(new byte[1000], new LZ4EncoderSettings());
        Assert.False(Lz4Frame.CanHold(frame, (frame.Length * 255L) + 1));
    }

    [Fact]
    public void A_frame_cut_anywhere_is_refused()
    {
        byte[] content = Content(5_000);
        byte[] frame = Compress(content, new LZ4EncoderSettings());
        for (int length = 0; length < frame.Length - 8; length++)
        {
            Assert.Null(Decompress(frame[..length], content.Length));
        }
    }

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = (byte)((i * (long)i / 1000) ^ (i >> 3));
        }

        return content;
    }

    private static byte[] Compress(byte[] content, LZ4EncoderSettings settings)
    {
        settings.CompressionLevel = LZ4Level.L00_FAST;
        using MemoryStream target = new();
        using (Stream encoder = LZ4Stream.Encode(target, settings, leaveOpen: true))
        {
            encoder.Write(content);
        }

        return target.ToArray();
    }

    private static byte[]? Decompress(byte[] frame, int length)
    {
        byte[] target = new byte[length + 1];
        target[length] = 0xA5;
        fixed (byte* first = target)
        {
            bool whole = Lz4Frame.TryDecompress(frame, first, length);
            Assert.Equal(0xA5, target[length]);
            return whole ? target[..length] : null;
        }
    }
}
