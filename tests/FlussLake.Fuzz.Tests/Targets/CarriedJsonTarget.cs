using System.Text.Json.Nodes;

using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Schemas and snapshots of lake tables that others wrote, and that the embedded server's own follow: the planner's decoder has read each before.</summary>
public sealed class CarriedJsonTarget : LakeJsonTarget
{
    private static readonly FlussColumn[] s_added = [new("added", new FlussType(FlussTypeKind.Int), 9)];

    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. LakeFixtures.Files("schema-0", 1, "all_types", "part_two", "rounds"), .. LakeFixtures.Files("snapshot-", 1, "index", "row_tracking", "rounds")];

    protected override void Decode(byte[] input)
    {
        if (input.AsSpan().IndexOf("partitionKeys"u8) >= 0)
        {
            PaimonTableSchema.Parse("the-file", input, 0);
            byte[] next = PaimonSchemaJson.WithColumns("the-file", input, s_added);
            Assert.NotEmpty(PaimonTableSchema.Parse("the-file", next, 1).Schema.Fields);
            return;
        }

        PaimonSnapshot before = PaimonSnapshot.Parse("the-file", input);
        JsonObject json = PaimonSnapshotJson.Next(before.Id + 1, before.SchemaId, ("a", 1), ("b", 2), new Dictionary<string, string>());
        PaimonSnapshotJson.CarryOver("the-file", json, input, 5, 1);
        Assert.Equal(before.SchemaId, PaimonSnapshot.Parse("the-file", PaimonSchemaJson.Write(json)).SchemaId);
    }
}
