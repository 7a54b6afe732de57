using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class IndexManifestTarget : AvroTarget
{
    protected override IReadOnlyList<byte[]> Files { get; } = LakeFixtures.Files("index-manifest-", 4, "deleted_rows", "index", "pk");

    protected override void Decode(byte[] input) =>
        Assert.All(PaimonIndexManifestDecoder.Parse("the-file", input, CancellationToken.None), static entry => Assert.NotNull(entry.DataFile));
}
