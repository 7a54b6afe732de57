using System.Buffers;
using System.Text.Json;

namespace FlussLake.Client.Metadata;

internal static partial class TableJson
{
    /// <summary>The <c>table_json</c> of a table, with the columns' ids as they are given.</summary>
    public static byte[] Write(TableDescriptor table) => ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WritePropertyName("schema");
        WriteSchema(json, table.Columns, table.PrimaryKey);
        if (table.Comment is { } comment)
        {
            json.WriteString("comment", comment);
        }

        WriteTexts(json, "partition_key", table.PartitionKeys);
        if (table.BucketKeys.Count > 0 || table.BucketCount is not null)
        {
            WriteTexts(json, "bucket_key", table.BucketKeys);
        }

        if (table.BucketCount is { } buckets)
        {
            json.WriteNumber("bucket_count", buckets);
        }

        WritePairs(json, "properties", table.Properties);
        WritePairs(json, "custom_properties", table.CustomProperties);
        json.WriteEndObject();
    });

    /// <summary>The <c>schema_json</c> of one version of a table's schema.</summary>
    public static byte[] Write(TableSchema schema) => ToBytes(json => WriteSchema(json, schema.Columns, schema.PrimaryKey));

    /// <summary>The <c>data_type_json</c> of a column that is added.</summary>
    public static byte[] Write(FlussType type) => ToBytes(json => TypeJson.Write(json, type));

    private static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            write(json);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteSchema(Utf8JsonWriter json, IReadOnlyList<FlussColumn> columns, IReadOnlyList<string> primaryKey)
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteStartArray("columns");
        foreach (FlussColumn column in columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WritePropertyName("data_type");
            TypeJson.Write(json, column.Type);
            if (column.Comment is { } comment)
            {
                json.WriteString("comment", comment);
            }

            json.WriteNumber("id", column.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (primaryKey.Count > 0)
        {
            WriteTexts(json, "primary_key", primaryKey);
        }

        json.WriteNumber("highest_field_id", columns.Aggregate(-1, static (highest, column) => Math.Max(highest, Math.Max(column.Id, HighestId(column.Type)))));
        json.WriteEndObject();
    }

    private static int HighestId(FlussType? type) => type is null
        ? -1
        : type.Fields.Aggregate(
            Math.Max(HighestId(type.Element), Math.Max(HighestId(type.Key), HighestId(type.Value))),
            static (highest, field) => Math.Max(highest, Math.Max(field.Id, HighestId(field.Type))));

    private static void WriteTexts(Utf8JsonWriter json, string key, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WritePairs(Utf8JsonWriter json, string key, IReadOnlyDictionary<string, string> pairs)
    {
        json.WriteStartObject(key);
        foreach ((string name, string value) in pairs)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
