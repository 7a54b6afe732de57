using System.Text;

using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;
using FlussLake.Lake.Avro;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Schemas alone: recursive ones, names that refer to others, unions in unions, absurd sizes.</summary>
public sealed class AvroSchemaTarget : AvroTarget
{
    private const string Made = """
        {"type":"record","name":"a.R","fields":[{"name":"f","type":["null",{"type":"enum","name":"E","symbols":["X"]}]},{"name":"g","type":"E"},{"name":"h","type":{"type":"map","values":{"type":"fixed","name":"F","size":3}}},
        {"name":"i","type":{"type":"array","items":{"type":"record","name":"S","namespace":"b","fields":[{"name":"x","type":"a.F"},{"name":"y","type":{"type":"long"}}]}}},{"name":"j","type":["null","b.S"]}]}
        """;

    protected override IReadOnlyList<byte[]> Files { get; } =
        [Encoding.UTF8.GetBytes(Made), .. LakeFixtures.Files("manifest-", 1, "codec_null", "data_evolution").Select(static file => AvroFile.Open("it", file).SchemaText.ToArray())];

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override void Decode(byte[] input)
    {
        AvroSchema schema = AvroSchemaParser.Parse("the-file", input);
        Assert.InRange(schema.Weight, 1, 4096);
        Assert.True(schema.MinimumSize >= 0);
    }
}
