using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using FlussLake.Lake.Avro;

namespace FlussLake.Lake.Tests;

/// <summary>Avro files that were made to hurt: each is an error, found with little memory and time.</summary>
public sealed class AvroFileTests
{
    private const string Simple = """{"type":"record","name":"r","fields":[{"name":"b","type":"bytes"},{"name":"a","type":{"type":"array","items":"int"}}]}""";

    [Fact]
    public void A_value_that_claims_gigabytes_is_an_error() => Hostile(File(Simple, "null", 1, Varint(1_900_000_000)));

    [Fact]
    public void A_list_that_claims_billions_of_items_is_an_error() => Hostile(File(Simple, "null", 1, [.. Varint(0), .. Varint(2_000_000_000), 0]));

    [Fact]
    public void A_list_whose_count_cannot_be_negated_is_an_error() => Hostile(File(Simple, "null", 1, [.. Varint(0), .. Varint(long.MinValue), .. Varint(0)]));

    [Fact]
    public void A_negative_length_is_an_error() => Hostile(File(Simple, "null", 1, Varint(-7)));

    [Fact]
    public void A_number_without_end_is_an_error() => Hostile(File(Simple, "null", 1, [.. Enumerable.Repeat((byte)0xFF, 40)]));

    [Fact]
    public void A_block_that_claims_more_records_than_it_can_hold_is_an_error() => Hostile(File(Simple, "null", long.MaxValue, [0, 0]));

    [Fact]
    public void A_block_longer_than_the_file_is_an_error() => Hostile([.. Header(Simple, "null"), .. Varint(1), .. Varint(1_900_000_000)]);

    [Fact]
    public void A_header_that_claims_gigabytes_is_an_error() => Hostile([.. "Obj\u0001"u8, .. Varint(1), .. Varint(1_900_000_000)]);

    [Fact]
    public void A_header_without_a_schema_is_an_error() => Hostile([.. "Obj\u0001"u8, 0, .. new byte[16]]);

    [Theory]
    [InlineData("\"null\"")]
    [InlineData("{\"type\":\"fixed\",\"name\":\"f\",\"size\":0}")]
    [InlineData("{\"type\":\"record\",\"name\":\"e\",\"fields\":[]}")]
    public void A_field_of_no_bytes_is_an_error(string type) =>
        Hostile(File($$"""{"type":"record","name":"r","fields":[{"name":"b","type":"bytes"},{"name":"n","type":{{type}}}]}""", "null", 1, [0]));

    [Fact]
    public void An_unknown_codec_is_named()
    {
        LakeException e = Assert.Throws<LakeException>(() => ReadAll(File(Simple, "bzip2", 1, [0, 0])));
        Assert.Equal(LakeErrorKind.NotSupported, e.Kind);
        Assert.Contains("'bzip2'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("zstandard")]
    [InlineData("snappy")]
    public void A_block_that_decompresses_to_hundreds_of_megabytes_is_an_error(string codec)
    {
        byte[] zeros = new byte[200 << 20];
        byte[] bomb;
        if (codec == "deflate")
        {
            using MemoryStream target = new();
            using (DeflateStream deflate = new(target, CompressionLevel.Fastest, true)) deflate.Write(zeros);
            bomb = target.ToArray();
        }
        else if (codec == "zstandard")
        {
            using ZstdSharp.Compressor compressor = new(1);
            bomb = compressor.Wrap(zeros).ToArray();
        }
        else
        {
            bomb = [.. Snappier.Snappy.CompressToArray(zeros), 0, 0, 0, 0];
        }

        Hostile(File(Simple, codec, 1, bomb), 200 << 20);
    }

    [Fact]
    public void A_snappy_block_that_only_claims_to_be_large_allocates_little() => Hostile(File(Simple, "snappy", 1, [0x80, 0x80, 0x80, 0x1F, 0, 0, 0, 0, 0, 0]));

    [Theory]
    [InlineData("deflate")]
    [InlineData("zstandard")]
    [InlineData("snappy")]
    public void Blocks_of_noise_are_errors(string codec)
    {
        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] noise = new byte[random.Next(0, 300)];
            random.NextBytes(noise);
            if (codec == "zstandard" && noise.Length > 4) new byte[] { 0x28, 0xB5, 0x2F, 0xFD }.CopyTo(noise, 0);
            try
            {
                ReadAll(File(Simple, codec, 1, noise));
            }
            catch (LakeException)
            {
                // The only way out but for noise that happens to be a block.
            }
        }
    }

    [Fact]
    public void A_snappy_block_with_another_checksum_is_an_error()
    {
        byte[] block = [.. Snappier.Snappy.CompressToArray([0, 0]), 1, 2, 3, 4];
        Assert.Contains("checksum", Assert.Throws<LakeException>(() => ReadAll(File(Simple, "snappy", 1, block))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"n","type":"r"}]}""", "contains itself")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"n","type":["null","r"]}]}""", "contains itself")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}""", "take no bytes")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "twice")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"unheard"}]}""", "not known")]
    [InlineData("""{"type":"record","name":"r"}""", "'fields' is missing")]
    [InlineData("""{"type":"fixed","name":"f","size":-1}""", "no size")]
    [InlineData("""[["null"],"int"]""", "branch of a union")]
    [InlineData("17", "neither text")]
    [InlineData("{", "JSON")]
    [InlineData("\"\\ud800\"", "JSON")]
    public void Schemas_that_cannot_be_used_are_errors(string schema, string detail)
    {
        LakeException e = Assert.Throws<LakeException>(() => AvroFile.Open("the-file", Header(schema, "null")));
        Assert.Contains("the-file", e.Message, StringComparison.Ordinal);
        Assert.Contains(detail, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_grows_without_end_when_written_out_is_an_error()
    {
        StringBuilder fields = new("""{"name":"r0","type":{"type":"record","name":"r0","fields":[{"name":"a","type":"int"}]}}""");
        for (int i = 1; i < 60; i++) fields.Append($$$""",{"name":"r{{{i}}}","type":{"type":"record","name":"r{{{i}}}","fields":[{"name":"a","type":"r{{{i - 1}}}"},{"name":"b","type":"r{{{i - 1}}}"}]}}""");
        string schema = """{"type":"record","name":"all","fields":[""" + fields + "]}";
        Assert.Contains("more than", Assert.Throws<LakeException>(() => AvroFile.Open("f", Header(schema, "null"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_nested_a_thousandfold_is_an_error()
    {
        string schema = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 1000)) + "\"int\"" + new string('}', 1000);
        Assert.Throws<LakeException>(() => AvroFile.Open("f", Header(schema, "null")));
    }

    private static void Hostile(byte[] file, long allowed = 1 << 20)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        LakeException e = Assert.Throws<LakeException>(() => ReadAll(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, allowed);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(LakeErrorKind.Damaged, e.Kind);
        Assert.Contains("the-file", e.Message, StringComparison.Ordinal);
    }

    private static void ReadAll(byte[] bytes)
    {
        AvroFile file = AvroFile.Open("the-file", bytes);
        while (file.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            AvroReader reader = new(block.Span, "the-file");
            for (; records > 0; records--) reader.Skip(file.Schema);
        }
    }

    private static byte[] Header(string schema, string codec) =>
        [.. "Obj\u0001"u8, .. Varint(2), .. Text("avro.codec"), .. Text(codec), .. Text("avro.schema"), .. Text(schema), 0, .. new byte[16]];

    private static byte[] File(string schema, string codec, long records, byte[] block) =>
        [.. Header(schema, codec), .. Varint(records), .. Varint(block.Length), .. block, .. new byte[16]];

    private static byte[] Text(string text) => [.. Varint(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Varint(long value)
    {
        ulong zigzag = (ulong)((value << 1) ^ (value >> 63));
        List<byte> bytes = [];
        do
        {
            byte next = (byte)(zigzag & 0x7F);
            zigzag >>= 7;
            bytes.Add(zigzag == 0 ? next : (byte)(next | 0x80));
        }
        while (zigzag != 0);
        return [.. bytes];
    }
}
