using FlussLake.Lake.Paimon;

namespace FlussLake.Lake.Tests;

/// <summary>Each decoder alone, without the sizes and counts by which a plan notices a changed file before it is decoded.</summary>
public sealed class DamagedDecoderTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "codec_null", "manifest-" }, { "codec_deflate", "manifest-" }, { "codec_snappy", "manifest-" }, { "codec_zstandard", "manifest-" },
        { "part_two", "manifest-" }, { "codec_null", "manifest-list-" }, { "codec_zstandard", "manifest-list-" }, { "deleted_rows", "index-manifest-" },
        { "evolved", "snapshot-" }, { "all_types", "schema-" }, { "tagged", "tag-" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Cut_anywhere_a_file_gives_an_error_or_fewer_whole_blocks(string table, string kind)
    {
        foreach (byte[] whole in Load(table, kind))
        {
            int entries = Decode(kind, whole);
            int planned = 0;
            for (int length = 0; length < whole.Length; length++)
            {
                try
                {
                    Assert.InRange(Decode(kind, whole[..length]), 0, entries);
                    planned++;
                }
                catch (LakeException e)
                {
                    Assert.Contains("the-file", e.Message, StringComparison.Ordinal);
                }
            }

            // Avro: only behind the header and behind each block; JSON: only where nothing but a line's end is cut off.
            Assert.InRange(planned, 0, 2);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Flipped_bits_give_entries_or_an_error_of_ours(string table, string kind)
    {
        Random random = new(41);
        foreach (byte[] whole in Load(table, kind).Take(3))
        {
            for (int round = 0; round < 2000; round++)
            {
                byte[] damaged = [.. whole];
                for (int flips = random.Next(1, 6); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Decode(kind, damaged);
                }
                catch (LakeException e)
                {
                    Assert.Contains("the-file", e.Message, StringComparison.Ordinal);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            }
        }
    }

    private static int Decode(string kind, byte[] bytes)
    {
        switch (kind)
        {
            case "manifest-":
                return PaimonManifestDecoder.Parse("the-file", bytes, CancellationToken.None).Entries.Count;
            case "manifest-list-":
                return PaimonManifestListEntry.Parse("the-file", bytes, CancellationToken.None).Count;
            case "index-manifest-":
                return PaimonIndexManifestDecoder.Parse("the-file", bytes, CancellationToken.None).Count;
            case "schema-":
                return PaimonTableSchema.Parse("the-file", bytes, 0).Schema.Fields.Count;
            default:
                PaimonSnapshot.Parse("the-file", bytes);
                return 1;
        }
    }

    private static List<byte[]> Load(string table, string kind)
    {
        List<byte[]> files = [];
        foreach (string file in Directory.EnumerateFiles(Fixture.Root(table), kind + "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            bool isList = Path.GetFileName(file).StartsWith("manifest-list-", StringComparison.Ordinal);
            if (isList == (kind == "manifest-list-")) files.Add(File.ReadAllBytes(file));
        }

        Assert.NotEmpty(files);
        return files;
    }
}
