using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Avro;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Every value stepped over by the file's own schema, whatever it is.</summary>
public sealed class AvroFileTarget : AvroTarget
{
    protected override IReadOnlyList<byte[]> Files { get; } = [.. LakeFixtures.Files("manifest-", 1, "codec_zstandard", "codec_snappy", "altered", "times"), .. LakeFixtures.Files("index-manifest-", 1, "deleted_rows")];

    protected override void Decode(byte[] input)
    {
        AvroFile file = AvroFile.Open("the-file", input);
        while (file.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            AvroReader reader = new(block.Span, "the-file");
            for (; records > 0; records--)
            {
                reader.Skip(file.Schema);
            }
        }
    }
}
