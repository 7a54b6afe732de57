using System.Text;
using System.Text.Json.Nodes;
using Avro;
using Avro.File;
using Avro.Generic;
using Avro.IO;
using FlussLake.Lake;
using FlussLake.Lake.Avro;

namespace FlussLake.Embedded.Tiering.Manifests;

/// <summary>
/// Avro files as records of named values, to carry what others wrote into new files with all of their fields, also those that this writer does not know.
/// Only files that the lake's own decoders read through may be given: the general reader used here trusts what it reads.
/// </summary>
internal sealed class AvroRecords
{
    private readonly List<GenericRecord> _records = [];
    private readonly JsonObject _schema;

    /// <summary>Begins with no records.</summary>
    /// <param name="schema">The fields that are written whatever the carried files have.</param>
    public AvroRecords(string schema) => _schema = JsonNode.Parse(schema)!.AsObject();

    public IReadOnlyList<GenericRecord> Records => _records;

    /// <summary>Adds a record; fields that it does not name become null.</summary>
    public void Add(GenericRecord record) => _records.Add(record);

    /// <summary>Adds the records of a file. Fields that only it has are added to the schema.</summary>
    /// <exception cref="LakeException">The file is damaged, or has a field that no other file can have.</exception>
    public void Carry(string file, byte[] bytes)
    {
        AvroFile avro = AvroFile.Open(file, bytes);
        try
        {
            Carry(avro);
        }
        catch (Exception exception) when (exception is AvroException || JsonDamage.IsShownBy(exception))
        {
            throw LakeErrors.Damaged(file, "its records cannot be carried into another file", exception);
        }
    }

    /// <summary>All records as an Avro file.</summary>
    /// <exception cref="LakeException">Carried records have fields of other types than this writer's.</exception>
    public byte[] ToFile()
    {
        try
        {
            return Write((RecordSchema)Schema.Parse(_schema.ToJsonString()));
        }
        catch (Exception exception) when (exception is AvroException or InvalidCastException || JsonDamage.IsShownBy(exception))
        {
            throw new LakeException(LakeErrorKind.NotSupported, $"The lake's manifests hold fields of types that this writer does not know: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private void Carry(AvroFile avro)
    {
        string text = Encoding.UTF8.GetString(avro.SchemaText.Span);
        AddFields(avro.Name, _schema, JsonNode.Parse(text)!);
        Schema schema = Schema.Parse(text);
        GenericDatumReader<object> reader = new(schema, schema);
        while (avro.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            using MemoryStream stream = new(block.ToArray(), writable: false);
            BinaryDecoder decoder = new(stream);
            for (; records > 0; records--)
            {
                _records.Add((GenericRecord)reader.Read(null!, decoder));
            }
        }
    }

    private byte[] Write(RecordSchema schema)
    {
        using MemoryStream target = new();
        using (IFileWriter<GenericRecord> writer = DataFileWriter<GenericRecord>.OpenWriter(new GenericDatumWriter<GenericRecord>(schema), target, new ZstandardCodec(), true))
        {
            foreach (GenericRecord record in _records)
            {
                writer.Append(Copy(record, schema));
            }
        }

        return target.ToArray();
    }

    private static void AddFields(string file, JsonObject target, JsonNode source)
    {
        JsonArray known = target["fields"]!.AsArray();
        foreach (JsonNode? field in RecordOf(source)!["fields"]!.AsArray())
        {
            string name = field!["name"]!.GetValue<string>();
            if (known.FirstOrDefault(other => other!["name"]!.GetValue<string>() == name) is { } twin)
            {
                if (RecordOf(twin["type"]) is { } inner && RecordOf(field["type"]) is not null)
                {
                    AddFields(file, inner, field["type"]!);
                }

                continue;
            }

            if (field["type"] is not JsonArray { Count: > 0 } type || type[0]?.ToString() != "null")
            {
                throw new LakeException(LakeErrorKind.NotSupported, $"The lake metadata file '{file}' has the field '{name}', which other files must have too and this writer does not know.");
            }

            known.Add(field.DeepClone());
        }
    }

    /// <summary>The record type of a field; the first releases wrapped records in unions with null.</summary>
    private static JsonObject? RecordOf(JsonNode? type) => type switch
    {
        JsonObject record when record["fields"] is JsonArray => record,
        JsonArray union => union.Select(RecordOf).FirstOrDefault(branch => branch is not null),
        _ => null,
    };

    private static GenericRecord Copy(GenericRecord source, RecordSchema schema)
    {
        GenericRecord copy = new(schema);
        foreach (Field field in schema)
        {
            object? value = source.TryGetValue(field.Name, out object found) ? found : null;
            copy.Add(field.Name, value is GenericRecord nested ? Copy(nested, RecordOf(field.Schema)) : value);
        }

        return copy;
    }

    private static RecordSchema RecordOf(Schema schema) =>
        schema as RecordSchema ?? ((UnionSchema)schema).Schemas.OfType<RecordSchema>().First();
}
