using System.Text;
using System.Text.Json;
using Avro;
using Avro.Generic;

namespace FlussLake.Lake.Tests;

/// <summary>Builds a table's metadata in memory with Avro's own library: shapes of other releases, and tables that no sane writer makes.</summary>
internal sealed class PaimonTableBuilder
{
    internal const string ListFields =
        """{"name":"_VERSION","type":"int"},{"name":"_FILE_NAME","type":"string"},{"name":"_FILE_SIZE","type":"long"},{"name":"_NUM_ADDED_FILES","type":"long"},{"name":"_NUM_DELETED_FILES","type":"long"}""";

    /// <summary>What every release writes of a data file.</summary>
    internal const string OldFileFields =
        """{"name":"_FILE_NAME","type":"string"},{"name":"_FILE_SIZE","type":"long"},{"name":"_ROW_COUNT","type":"long"},{"name":"_MIN_KEY","type":"bytes"},{"name":"_MIN_SEQUENCE_NUMBER","type":"long"},{"name":"_SCHEMA_ID","type":"long"},{"name":"_LEVEL","type":"int"},{"name":"_EXTRA_FILES","type":{"type":"array","items":"string"}}""";

    internal const string NewFileFields = OldFileFields +
        """,{"name":"_DELETE_ROW_COUNT","type":["null","long"]},{"name":"_EMBEDDED_FILE_INDEX","type":["null","bytes"]},{"name":"_EXTERNAL_PATH","type":["null","string"]},{"name":"_WRITE_COLS","type":["null",{"type":"array","items":"string"}]},{"name":"_OF_A_LATER_RELEASE","type":{"type":"map","values":["null","double",{"type":"fixed","name":"f4","size":4},{"type":"enum","name":"e2","symbols":["A","B"]},"float","boolean"]}}""";

    private readonly List<object> _manifests = [];
    private long _rows;

    internal static byte[] NoPartition { get; } = new byte[12];

    internal MemoryLakeStorage Storage { get; } = new();

    internal string FileFields { get; init; } = NewFileFields;

    /// <summary>Whether records are wrapped in unions with null, as the first releases did.</summary>
    internal bool HasUnions { get; init; }

    internal int EntryVersion { get; init; } = 2;

    internal string Codec { get; init; } = "null";

    internal Dictionary<string, string> Options { get; } = new() { ["bucket"] = "-1", ["partition.legacy-name"] = "false" };

    internal string Fields { get; set; } = """{"id":0,"name":"id","type":"BIGINT NOT NULL"},{"id":1,"name":"p","type":"STRING"}""";

    internal string PartitionKeys { get; set; } = "";

    /// <summary>What the snapshot says of its rows; null for what the entries add up to.</summary>
    internal long? TotalRows { get; set; }

    internal static Dictionary<string, object?> Entry(string name, long rows = 1, bool isAdd = true, int bucket = 0, int level = 0, byte[]? partition = null) => new()
    {
        ["_KIND"] = isAdd ? 0 : 1,
        ["_PARTITION"] = partition ?? NoPartition,
        ["_BUCKET"] = bucket,
        ["_TOTAL_BUCKETS"] = -1,
        ["_FILE_NAME"] = name,
        ["_FILE_SIZE"] = 100 + rows,
        ["_ROW_COUNT"] = rows,
        ["_MIN_KEY"] = NoPartition,
        ["_MIN_SEQUENCE_NUMBER"] = 5L,
        ["_SCHEMA_ID"] = 0L,
        ["_LEVEL"] = level,
        ["_EXTRA_FILES"] = Array.Empty<object>(),
        ["_OF_A_LATER_RELEASE"] = new Dictionary<string, object> { ["a"] = 1.5, ["b"] = true },
    };

    internal PaimonTableBuilder Manifest(params Dictionary<string, object?>[] entries)
    {
        string file = Record("record__FILE", FileFields);
        string schema = Record(
            "record",
            """{"name":"_VERSION","type":"int"},{"name":"_KIND","type":"int"},{"name":"_PARTITION","type":"bytes"},{"name":"_BUCKET","type":"int"},{"name":"_TOTAL_BUCKETS","type":"int"},{"name":"_FILE","type":"""
            + file + "}");
        byte[] bytes = Write(schema, entries.Select(e => new Dictionary<string, object?>(e) { ["_VERSION"] = EntryVersion, ["_FILE"] = e }));
        string name = $"manifest-{_manifests.Count}";
        Storage.Files["/t/manifest/" + name] = bytes;
        _manifests.Add(new Dictionary<string, object?>
        {
            ["_VERSION"] = 2,
            ["_FILE_NAME"] = name,
            ["_FILE_SIZE"] = (long)bytes.Length,
            ["_NUM_ADDED_FILES"] = entries.LongCount(e => (int)e["_KIND"]! == 0),
            ["_NUM_DELETED_FILES"] = entries.LongCount(e => (int)e["_KIND"]! == 1),
        });
        _rows += entries.Sum(e => (int)e["_KIND"]! == 0 ? (long)e["_ROW_COUNT"]! : -(long)e["_ROW_COUNT"]!);
        return this;
    }

    /// <summary>Writes the rest: the last manifest is the snapshot's own, all others were there before.</summary>
    internal MemoryLakeStorage Build()
    {
        string list = Record("record", ListFields);
        int before = Math.Max(0, _manifests.Count - 1);
        Storage.Files["/t/manifest/list-base"] = Write(list, _manifests.Take(before).Cast<Dictionary<string, object?>>());
        Storage.Files["/t/manifest/list-delta"] = Write(list, _manifests.Skip(before).Cast<Dictionary<string, object?>>());
        Text("snapshot/snapshot-1", "{\"version\":3,\"id\":1,\"schemaId\":0,\"baseManifestList\":\"list-base\",\"deltaManifestList\":\"list-delta\",\"changelogManifestList\":null,\"totalRecordCount\":" + (TotalRows ?? _rows) + "}");
        Text("schema/schema-0", "{\"version\":3,\"id\":0,\"fields\":[" + Fields + "],\"highestFieldId\":1,\"partitionKeys\":[" + PartitionKeys + "],\"primaryKeys\":[],\"options\":" + JsonSerializer.Serialize(Options) + "}");
        return Storage;
    }

    internal void Text(string name, string text) => Storage.Files["/t/" + name] = Encoding.UTF8.GetBytes(text);

    private string Record(string name, string fields)
    {
        string record = "{\"type\":\"record\",\"name\":\"" + name + "\",\"namespace\":\"org.apache.paimon.avro.generated\",\"fields\":[" + fields + "]}";
        return HasUnions ? "[\"null\"," + record + "]" : record;
    }

    private byte[] Write(string schemaText, IEnumerable<Dictionary<string, object?>> records)
    {
        Schema schema = Schema.Parse(schemaText);
        using MemoryStream target = new();
        using (global::Avro.File.IFileWriter<object> writer = global::Avro.File.DataFileWriter<object>.OpenWriter(new GenericDatumWriter<object>(schema), target, global::Avro.File.Codec.CreateCodecFromString(Codec), true))
        {
            foreach (Dictionary<string, object?> record in records) writer.Append(Generic(schema, record));
        }

        return target.ToArray();
    }

    private static GenericRecord Generic(Schema schema, Dictionary<string, object?> values)
    {
        RecordSchema record = schema as RecordSchema ?? (RecordSchema)((UnionSchema)schema)[1];
        GenericRecord generic = new(record);
        foreach (global::Avro.Field field in record)
            generic.Add(field.Name, field.Name == "_FILE" ? Generic(field.Schema, (Dictionary<string, object?>)values["_FILE"]!) : values.GetValueOrDefault(field.Name));
        return generic;
    }
}
