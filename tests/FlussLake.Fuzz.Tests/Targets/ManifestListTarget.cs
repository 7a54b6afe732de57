using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class ManifestListTarget : AvroTarget
{
    protected override IReadOnlyList<byte[]> Files { get; } = LakeFixtures.Files("manifest-list-", 2, "codec_null", "codec_deflate", "codec_snappy", "codec_zstandard", "part_two");

    protected override void Decode(byte[] input) =>
        Assert.All(PaimonManifestListEntry.Parse("the-file", input, CancellationToken.None), static entry => Assert.True(entry.FileSize >= 0 && entry.AddedFiles >= 0));
}
