using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class SchemaJsonTarget : LakeJsonTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = LakeFixtures.Files("schema-0", 1, "all_types", "part_two", "pk", "altered", "timestamps");

    protected override void Decode(byte[] input)
    {
        PaimonTableSchema schema = PaimonTableSchema.Parse("the-file", input, 0);
        PaimonOptions.Read("the-table", schema.Options);
        foreach (LakeField field in schema.Schema.Fields)
        {
            PaimonType.Parse(field.Type);
        }
    }
}
