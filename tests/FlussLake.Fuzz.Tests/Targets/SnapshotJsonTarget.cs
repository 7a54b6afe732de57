using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Snapshots and tags, which hold the same.</summary>
public sealed class SnapshotJsonTarget : LakeJsonTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } =
        [.. LakeFixtures.Files("snapshot-", 1, "evolved", "codec_null", "index", "row_tracking"), .. LakeFixtures.Files("tag-", 1, "tagged")];

    protected override void Decode(byte[] input) => Assert.NotEmpty(PaimonSnapshot.Parse("the-file", input).BaseManifestList);
}
