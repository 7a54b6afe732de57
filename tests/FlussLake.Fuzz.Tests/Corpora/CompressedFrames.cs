using System.Buffers.Binary;

using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Tests.Log;

using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;

using ZstdSharp;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Compressed frames, each behind the number of bytes that it holds (4 bytes, little endian).</summary>
internal static class CompressedFrames
{
    /// <summary>The frames of the buffers of golden batches.</summary>
    public static List<byte[]> Golden(string codec)
    {
        List<byte[]> frames = [];
        foreach (byte[] batch in ClientFixtures.Batches(codec))
        {
            LogBatchHeader header = BatchFixture.Header(batch);
            if (header.RecordCount == 0)
            {
                continue;
            }

            RecordBatchMessage message = RecordBatchMessage.Parse(batch.AsSpan(header.RecordsStart + (header.IsAppendOnly ? 0 : header.RecordCount)));
            for (int i = 0; i < message.BufferCount; i++)
            {
                (int start, int length) = message.Buffer(i);
                if (length > 8 && BinaryPrimitives.ReadInt64LittleEndian(message.Body[start..]) is > 0 and long size)
                {
                    frames.Add(Framed((int)size, message.Body.Slice(start + 8, length - 8)));
                }
            }
        }

        // Many are alike: every fifth will do.
        return [.. frames.Where(static (_, i) => i % 5 == 0)];
    }

    public static List<byte[]> MadeLz4()
    {
        List<byte[]> frames = [];
        foreach (byte[] content in Contents())
        {
            foreach (LZ4EncoderSettings settings in (ReadOnlySpan<LZ4EncoderSettings>)[new() { BlockSize = 65536, ChainBlocks = true }, new() { ChainBlocks = false, CompressionLevel = LZ4Level.L09_HC }])
            {
                using MemoryStream target = new();
                using (LZ4EncoderStream encoder = LZ4Stream.Encode(target, settings, leaveOpen: true))
                {
                    encoder.Write(content);
                }

                frames.Add(Framed(content.Length, target.ToArray()));
            }
        }

        return frames;
    }

    public static List<byte[]> MadeZstd()
    {
        List<byte[]> frames = [];
        foreach (byte[] content in Contents())
        {
            using Compressor compressor = new(9);
            frames.Add(Framed(content.Length, compressor.Wrap(content)));

            // As a stream, which does not tell the content's size.
            using MemoryStream target = new();
            using (CompressionStream stream = new(target, 1, leaveOpen: true))
            {
                stream.Write(content);
            }

            frames.Add(Framed(content.Length, target.ToArray()));
        }

        return frames;
    }

    private static IEnumerable<byte[]> Contents()
    {
        byte[] log = BatchFixture.ReadLog("scalars_none");
        yield return [1, 2, 3];
        yield return log[..2000];
        yield return new byte[3000];
        yield return [.. Enumerable.Repeat(log, 12).SelectMany(static part => part).Take(140_000)];
    }

    private static byte[] Framed(int size, ReadOnlySpan<byte> frame)
    {
        byte[] framed = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32LittleEndian(framed, size);
        frame.CopyTo(framed.AsSpan(4));
        return framed;
    }
}
