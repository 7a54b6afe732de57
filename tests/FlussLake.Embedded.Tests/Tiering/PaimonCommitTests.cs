using System.Text.Json.Nodes;
using Avro;
using Avro.Generic;
using FlussLake.Client;
using FlussLake.Embedded.Tiering;
using FlussLake.Embedded.Tiering.Manifests;
using FlussLake.Lake;
using FlussLake.Lake.Avro;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tests.Tiering;

public sealed class PaimonCommitTests : IDisposable
{
    private static readonly TablePath s_path = new("d", "t");
    private readonly Warehouse _warehouse = new();

    public void Dispose() => _warehouse.Dispose();

    [Theory]
    [InlineData("all_types")]
    [InlineData("altered")]
    [InlineData("rounds")]
    [InlineData("codec_snappy")]
    [InlineData("codec_deflate")]
    [InlineData("evolved")]
    [InlineData("tagged")]
    [InlineData("expired")]
    [InlineData("external")]
    [InlineData("deleted_rows")]
    public async Task Files_of_tables_that_others_wrote_stay_live(string table)
    {
        Copy(Path.Combine(AppContext.BaseDirectory, "LakeFixtures", table), _warehouse.Root(s_path));
        PaimonTableFolder folder = new(_warehouse.Folder, s_path);
        long latest = folder.SnapshotIds().First();
        LakeScan before = await _warehouse.PlanAsync(s_path, latest);
        Assert.NotEmpty(before.Files);
        PaimonTableSchema schema = folder.LatestSchema();
        PaimonDataFile added = new()
        {
            Path = Path.Combine(folder.Root, "bucket-0", "data-new-0.parquet"),
            SizeInBytes = 10,
            RowCount = 3,
            Bucket = 0,
            SourceBucket = 0,
            PartitionValues = [],
            PartitionRow = new BinaryRowWriter(0).ToArray(),
            SchemaId = schema.Schema.Id,
            CreationTime = DateTime.Now,
        };
        bool committed = false;
        Assert.Equal(latest + 1, new PaimonCommit(folder, new PartitionKeys(schema.Schema), -1, [added]).Run(Warehouse.NoProperties, () => committed = true));
        Assert.True(committed);
        LakeScan after = await _warehouse.PlanAsync(s_path, latest + 1);
        Assert.Equal([.. before.Files.Select(file => file.Path), added.Path], after.Files.Select(file => file.Path));
        JsonNode old = Snapshot(latest);
        JsonNode json = Snapshot(latest + 1);
        Assert.Equal(old["indexManifest"]?.ToString(), json["indexManifest"]?.ToString());
        Assert.Equal(old["totalRecordCount"]!.GetValue<long>() + 3, json["totalRecordCount"]!.GetValue<long>());
    }

    [Fact]
    public void Fields_of_later_releases_are_carried_over()
    {
        JsonObject later = JsonNode.Parse(ManifestSchemas.ManifestList)!.AsObject();
        later["fields"]!.AsArray().Add(JsonNode.Parse("""{"name":"_MIN_ROW_ID","default":null,"type":["null","long"]}"""));
        AvroRecords theirs = new(later.ToJsonString());
        PaimonDataFile file = new()
        {
            Path = "/x",
            SizeInBytes = 1,
            RowCount = 1,
            Bucket = 4,
            SourceBucket = 4,
            PartitionValues = [],
            PartitionRow = [],
            SchemaId = 2,
            CreationTime = default,
        };
        PartitionKeys noKeys = new(new LakeSchema(0, [], [], []));
        GenericRecord listed = ManifestRecords.Listed("manifest-a", 77, [file], noKeys);
        GenericRecord record = new((RecordSchema)Schema.Parse(later.ToJsonString()));
        foreach (Field field in listed.Schema)
        {
            record.Add(field.Name, listed.GetValue(field.Pos));
        }

        record.Add("_MIN_ROW_ID", 1234567890123L);
        theirs.Add(record);

        AvroRecords ours = new(ManifestSchemas.ManifestList);
        ours.Carry("list", theirs.ToFile());
        ours.Add(ManifestRecords.Listed("manifest-b", 78, [file], noKeys));
        byte[] bytes = ours.ToFile();
        Assert.Equal(["manifest-a", "manifest-b"], PaimonManifestListEntry.Parse("list", bytes, TestContext.Current.CancellationToken).Select(entry => entry.FileName));
        AvroRecords again = new(ManifestSchemas.ManifestList);
        again.Carry("list", bytes);
        Assert.Contains("_MIN_ROW_ID", System.Text.Encoding.UTF8.GetString(AvroFile.Open("list", again.ToFile()).SchemaText.Span), StringComparison.Ordinal);
        Assert.True(again.Records[0].TryGetValue("_MIN_ROW_ID", out object rowId));
        Assert.Equal(1234567890123L, rowId);
        Assert.True(again.Records[1].TryGetValue("_MIN_ROW_ID", out object none));
        Assert.Null(none);
        Assert.Equal(4, again.Records[0]["_MIN_BUCKET"]);
    }

    private JsonNode Snapshot(long id) => JsonNode.Parse(File.ReadAllText(Path.Combine(_warehouse.Root(s_path), "snapshot", $"snapshot-{id}")))!;

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
