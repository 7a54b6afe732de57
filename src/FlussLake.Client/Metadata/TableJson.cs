using System.Text.Json;

namespace FlussLake.Client.Metadata;

/// <summary>Reads and writes <c>table_json</c> and <c>schema_json</c>. Unknown keys are ignored; what is missing or of the wrong kind is an error that names the table.</summary>
internal static partial class TableJson
{
    public static TableInfo ReadTable(TablePath path, long tableId, int schemaId, ReadOnlyMemory<byte> json, long createdTime, long modifiedTime)
    {
        using JsonDocument document = Parse(path, json);
        JsonElement root = document.RootElement;
        if (!root.TryGetProperty("schema", out JsonElement schema))
        {
            throw Invalid(path, "it has no schema");
        }

        int buckets = root.TryGetProperty("bucket_count", out JsonElement count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out int number) && number > 0
            ? number
            : throw Invalid(path, "bucket_count is missing or not a positive number");
        return new TableInfo
        {
            Path = path,
            TableId = tableId,
            Schema = ReadSchema(path, schemaId, schema),
            PartitionKeys = Texts(path, root, "partition_key"),
            BucketKeys = Texts(path, root, "bucket_key"),
            BucketCount = buckets,
            Properties = Pairs(path, root, "properties"),
            CustomProperties = Pairs(path, root, "custom_properties"),
            Comment = Comment(root),
            CreatedTime = Time(createdTime),
            ModifiedTime = Time(modifiedTime),
        };
    }

    /// <summary>Reads what a table is to be created with: bucket key and bucket count may be absent.</summary>
    public static TableDescriptor ReadDescriptor(TablePath path, ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = Parse(path, json);
        JsonElement root = document.RootElement;
        if (!root.TryGetProperty("schema", out JsonElement schema))
        {
            throw Invalid(path, "it has no schema");
        }

        TableSchema read = ReadSchema(path, 1, schema);
        return new TableDescriptor
        {
            Columns = read.Columns,
            PrimaryKey = read.PrimaryKey,
            PartitionKeys = Texts(path, root, "partition_key"),
            BucketKeys = Texts(path, root, "bucket_key"),
            BucketCount = root.TryGetProperty("bucket_count", out JsonElement count) && count.ValueKind == JsonValueKind.Number
                ? count.TryGetInt32(out int number) ? number : throw Invalid(path, "bucket_count is no 32-bit number")
                : null,
            Properties = Pairs(path, root, "properties"),
            CustomProperties = Pairs(path, root, "custom_properties"),
            Comment = Comment(root),
        };
    }

    public static TableSchema ReadSchema(TablePath path, int schemaId, ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = Parse(path, json);
        return ReadSchema(path, schemaId, document.RootElement);
    }

    private static TableSchema ReadSchema(TablePath path, int schemaId, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("columns", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw Invalid(path, "its schema has no columns");
        }

        string table = path.ToString();
        List<FlussColumn> columns = new(list.GetArrayLength());
        foreach (JsonElement column in list.EnumerateArray())
        {
            if (column.ValueKind != JsonValueKind.Object || !column.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String
                || !column.TryGetProperty("data_type", out JsonElement type) || type.ValueKind != JsonValueKind.Object)
            {
                throw Invalid(path, $"column {columns.Count} lacks its name or type");
            }

            // Schemas of very old versions have no ids: there the position is the id.
            int id = column.TryGetProperty("id", out JsonElement given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out int known) && known >= 0
                ? known
                : columns.Count;
            columns.Add(new FlussColumn(name.GetString()!, TypeJson.Read(type, table, name.GetString()!), id) { Comment = Comment(column) });
        }

        return new TableSchema(schemaId, columns, Texts(path, schema, "primary_key"));
    }

    private static string? Comment(JsonElement owner) =>
        owner.TryGetProperty("comment", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static JsonDocument Parse(TablePath path, ReadOnlyMemory<byte> json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                document.Dispose();
                throw Invalid(path, "it is not a JSON object");
            }

            return document;
        }
        catch (JsonException exception)
        {
            throw new FlussException($"The description of table {path} is not JSON: {exception.Message}", FlussErrorCode.InvalidTable, exception);
        }
    }

    private static IReadOnlyList<string> Texts(TablePath path, JsonElement owner, string key)
    {
        if (!owner.TryGetProperty(key, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String))
        {
            throw Invalid(path, $"{key} is not a list of names");
        }

        return [.. list.EnumerateArray().Select(static item => item.GetString()!)];
    }

    private static Dictionary<string, string> Pairs(TablePath path, JsonElement owner, string key)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        if (owner.TryGetProperty(key, out JsonElement map) && map.ValueKind != JsonValueKind.Null)
        {
            if (map.ValueKind != JsonValueKind.Object)
            {
                throw Invalid(path, $"{key} is not an object");
            }

            foreach (JsonProperty property in map.EnumerateObject())
            {
                pairs[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }
        }

        return pairs;
    }

    private static DateTimeOffset Time(long milliseconds) => milliseconds is >= 0 and <= 253_402_300_799_999
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : DateTimeOffset.UnixEpoch;

    private static FlussException Invalid(TablePath path, string what) => new($"The description of table {path} cannot be read: {what}.", FlussErrorCode.InvalidTable);
}
