using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class ManifestTarget : AvroTarget
{
    protected override IReadOnlyList<byte[]> Files { get; } =
        LakeFixtures.Files("manifest-", 2, "codec_null", "codec_deflate", "codec_snappy", "codec_zstandard", "part_two", "row_tracking", "external", "data_evolution");

    protected override void Decode(byte[] input) =>
        Assert.All(PaimonManifestDecoder.Parse("the-file", input, CancellationToken.None).Entries, static entry => Assert.True(entry.FileName.Length > 0 && entry.RowCount >= 0));
}
