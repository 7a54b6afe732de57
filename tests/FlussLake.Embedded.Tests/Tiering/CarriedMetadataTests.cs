using System.Text;
using System.Text.Json.Nodes;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;
using FlussLake.Embedded.Tiering.Manifests;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>Metadata of lake tables that others wrote, and that a commit carries on: what cannot be carried is an error that names the file.</summary>
public sealed class CarriedMetadataTests
{
    private static readonly FlussColumn[] s_added = [new("added", new FlussType(FlussTypeKind.Int), 9)];

    [Theory]
    [InlineData("{\"id\":0,\"fields\":[],\"highestFieldId\":\"x\"}")]
    [InlineData("{\"id\":0,\"fields\":[],\"highestFieldId\":9223372036854775807}")]
    [InlineData("{\"id\":9223372036854775807,\"fields\":[],\"highestFieldId\":1}")]
    [InlineData("{\"id\":0,\"fields\":[],\"highestFieldId\":1,\"a\":1,\"a\":2}")]
    [InlineData("{\"id\":0,\"fields\":[],\"highestFieldId\":1,\"comment\":\"\\ud800\"}")]
    [InlineData("{\"id\":0,\"fields\":[]}")]
    public void A_schema_that_columns_cannot_be_added_to_is_an_error_that_names_its_file(string json)
    {
        LakeException failure = Assert.Throws<LakeException>(() => PaimonSchemaJson.WithColumns("the-file", Encoding.UTF8.GetBytes(json), s_added));
        Assert.Equal(LakeErrorKind.Damaged, failure.Kind);
        Assert.Contains("'the-file' is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"watermark\":1,\"watermark\":2}", 5)]
    [InlineData("{\"logOffsets\":{\"0\":\"\\ud800\"}}", 5)]
    [InlineData("{\"schemaId\":\"x\",\"statistics\":\"s\"}", 5)]
    [InlineData("{}", long.MaxValue)]
    public void A_snapshot_that_cannot_be_carried_on_is_an_error_that_names_its_file(string before, long rows)
    {
        JsonObject json = PaimonSnapshotJson.Next(2, 0, ("a", 1), ("b", 2), new Dictionary<string, string>());
        LakeException failure = Assert.Throws<LakeException>(() => PaimonSnapshotJson.CarryOver("the-file", json, Encoding.UTF8.GetBytes(before), rows, 1));
        Assert.Equal(LakeErrorKind.Damaged, failure.Kind);
        Assert.Contains("'the-file' is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_snapshot_says_of_the_table_as_a_whole_is_carried_on()
    {
        JsonObject json = PaimonSnapshotJson.Next(2, 3, ("a", 1), ("b", 2), new Dictionary<string, string>());
        PaimonSnapshotJson.CarryOver("the-file", json, """{"schemaId":3,"statistics":"s","indexManifest":"i","nextRowId":7,"commitUser":"other"}"""u8.ToArray(), 5, 1);
        Assert.Equal((6L, 1L, 7L), (json["totalRecordCount"]!.GetValue<long>(), json["deltaRecordCount"]!.GetValue<long>(), json["nextRowId"]!.GetValue<long>()));
        Assert.Equal(("s", "i"), (json["statistics"]!.GetValue<string>(), json["indexManifest"]!.GetValue<string>()));
        Assert.NotEqual("other", json["commitUser"]!.GetValue<string>());
    }

    [Fact]
    public void A_manifest_whose_fields_have_names_that_Avro_does_not_allow_is_an_error_that_names_its_file()
    {
        AvroRecords records = new(ManifestSchemas.ManifestList);
        LakeException failure = Assert.Throws<LakeException>(() => records.Carry("the-file", Avro("""{"type":"record","name":"r","fields":[{"name":"_VERSION","type":"int"},{"name":"a-b","type":["null","int"]}]}""", [4, 0])));
        Assert.Equal(LakeErrorKind.Damaged, failure.Kind);
        Assert.Contains("'the-file' is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_with_a_field_of_another_type_are_an_error()
    {
        AvroRecords records = new(ManifestSchemas.ManifestList);
        records.Carry("the-file", Avro("""{"type":"record","name":"r","fields":[{"name":"_VERSION","type":"string"}]}""", [2, (byte)'x']));
        Assert.Equal(LakeErrorKind.NotSupported, Assert.Throws<LakeException>(() => records.ToFile()).Kind);
    }

    // One record in a file of one block.
    private static byte[] Avro(string schema, byte[] record)
    {
        byte[] text = Encoding.UTF8.GetBytes(schema);
        byte[] sync = new byte[16];
        return [.. "Obj\u0001"u8, 2, 22, .. "avro.schema"u8, (byte)(((text.Length << 1) & 0x7F) | 0x80), (byte)(text.Length >> 6), .. text, 0, .. sync, 2, (byte)(record.Length << 1), .. record, .. sync];
    }
}
