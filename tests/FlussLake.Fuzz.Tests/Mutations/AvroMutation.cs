using System.Text;

using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Lake.Avro;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Mutations inside of an Avro file: of its schema, or of a decompressed block, whose lengths are written anew. Every third is one of the file's bytes.</summary>
internal static class AvroMutation
{
    private const int SyncLength = 16;

    public static byte[] Apply(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        // Compressed files are not taken apart, as that takes long, nor are inputs that were mutated before and are no files any more.
        if (random.OneIn(3) || !TryTakeApart(input, static codec => codec == "null", out byte[] schema, out List<(long Records, byte[] Data)> blocks))
        {
            return ByteMutation.Apply(input, corpus, random);
        }

        return random.OneIn(3) ? Write(JsonMutation.Apply(schema, [schema], random), blocks) : Write(schema, WithBlock(blocks, random));
    }

    /// <summary>The same file with blocks that are not compressed.</summary>
    public static byte[] Uncompressed(byte[] file)
    {
        Assert.True(TryTakeApart(file, static _ => true, out byte[] schema, out List<(long Records, byte[] Data)> blocks));
        return Write(schema, blocks);
    }

    private static List<(long Records, byte[] Data)> WithBlock(List<(long Records, byte[] Data)> blocks, FuzzRandom random)
    {
        if (blocks.Count == 0)
        {
            return blocks;
        }

        int at = random.Below(blocks.Count);
        (long records, byte[] data) = blocks[at];
        blocks[at] = random.Below(6) switch
        {
            0 => (HostileNumbers.Next(random, 0, data.Length), data),
            1 => (records + random.Below(3) - 1, data),
            _ => (records, ByteMutation.Apply([.. data], [data], random)),
        };
        if (random.OneIn(8))
        {
            blocks.Add(random.Pick(blocks));
        }

        return blocks;
    }

    private static bool TryTakeApart(byte[] input, Func<string, bool> takes, out byte[] schema, out List<(long Records, byte[] Data)> blocks)
    {
        schema = [];
        blocks = [];
        string codec = "null";
        int at = 4;
        if (!input.AsSpan().StartsWith("Obj\u0001"u8))
        {
            return false;
        }

        long pairs = VarintBytes.ReadZigZag(input, ref at);
        for (; pairs > 0; pairs--)
        {
            if (!TryTake(input, ref at, out byte[] key) || !TryTake(input, ref at, out byte[] value))
            {
                return false;
            }

            schema = key.AsSpan().SequenceEqual("avro.schema"u8) ? value : schema;
            codec = key.AsSpan().SequenceEqual("avro.codec"u8) ? Encoding.UTF8.GetString(value) : codec;
        }

        for (at += takes(codec) ? 1 + SyncLength : input.Length; at < input.Length; at += SyncLength)
        {
            long records = VarintBytes.ReadZigZag(input, ref at);
            if (!TryTake(input, ref at, out byte[] block))
            {
                return false;
            }

            blocks.Add((records, codec == "null" ? block : AvroCodec.Decompress(codec, block, 1 << 20, "it").ToArray()));
        }

        return schema.Length > 0 && takes(codec);
    }

    private static bool TryTake(byte[] input, ref int at, out byte[] bytes)
    {
        long length = VarintBytes.ReadZigZag(input, ref at);
        bool fits = length >= 0 && length <= input.Length - at;
        bytes = fits ? input[at..(at + (int)length)] : [];
        at += bytes.Length;
        return fits;
    }

    private static byte[] Write(byte[] schema, List<(long Records, byte[] Data)> blocks)
    {
        byte[] sync = new byte[SyncLength];
        List<byte> file =
        [
            .. "Obj\u0001"u8, .. VarintBytes.ZigZag(1), .. VarintBytes.ZigZag(11), .. "avro.schema"u8, .. VarintBytes.ZigZag(schema.Length), .. schema, 0, .. sync,
        ];
        foreach ((long records, byte[] data) in blocks)
        {
            file.AddRange([.. VarintBytes.ZigZag(records), .. VarintBytes.ZigZag(data.Length), .. data, .. sync]);
        }

        return [.. file];
    }
}
