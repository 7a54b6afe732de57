using FlussLake.Embedded.Tiering.Manifests;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Manifests that others wrote, and whose entries the embedded server carries into its own: the planner's decoder has read each before.</summary>
public sealed class CarriedAvroTarget : AvroTarget
{
    protected override IReadOnlyList<byte[]> Files { get; } = LakeFixtures.Files("manifest-", 1, "codec_null", "codec_zstandard", "part_two", "row_tracking");

    protected override void Decode(byte[] input)
    {
        PaimonManifestDecoder.Parse("the-file", input, CancellationToken.None);
        AvroRecords records = new(ManifestSchemas.Manifest);
        records.Carry("the-file", input);
        Assert.NotEmpty(records.ToFile());
    }
}
