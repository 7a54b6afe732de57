using System.Text.Json;

namespace FlussLake.Client.Metadata;

/// <summary>Reads and writes <c>table_json</c> and <c>schema_json</c>. Unknown keys are ignored; what is missing or of the wrong kind is an error that names the table.</summary>
internal static partial class TableJson
{
    public static TableInfo ReadTable(TablePath path, long tableId, int schemaId, ReadOnlyMemory<byte> json, long createdTime, long modifiedTime)
        => Read(path, json, root => ReadTable(path, tableId, schemaId, root, createdTime, modifiedTime));

    /// <summary>Reads what a table is to be created with: bucket key and bucket count may be absent.</summary>
    public static TableDescriptor ReadDescriptor(TablePath path, ReadOnlyMemory<byte> json) => Read(path, json, root => ReadDescriptor(path, root));

    public static TableSchema ReadSchema(TablePath path, int schemaId, ReadOnlyMemory<byte> json) => Read(path, json, root => ReadSchema(path, schemaId, root));

    private static TableInfo ReadTable(TablePath path, long tableId, int schemaId, JsonElement root, long createdTime, long modifiedTime)
    {
        if (!root.TryGetProperty("schema", out JsonElement schema))
        {
            throw Invalid(path, "it has no schema");
        }

        int buckets = root.TryGetProperty("bucket_count", out JsonElement count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out int number) && number > 0
            ? number
            : throw Invalid(path, "bucket_count is missing or not a positive number");
        TableSchema columns = ReadSchema(path, schemaId, schema);
        return new TableInfo
        {
            Path = path,
            TableId = tableId,
            Schema = columns,
            PartitionKeys = Keys(path, root, "partition_key", columns),
            BucketKeys = Keys(path, root, "bucket_key", columns),
            BucketCount = buckets,
            Properties = Pairs(path, root, "properties"),
            CustomProperties = Pairs(path, root, "custom_properties"),
            Comment = Comment(root),
            CreatedTime = Time(createdTime),
            ModifiedTime = Time(modifiedTime),
        };
    }

    private static TableDescriptor ReadDescriptor(TablePath path, JsonElement root)
    {
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

    private static T Read<T>(TablePath path, ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : throw Invalid(path, "it is not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8, or half a surrogate pair.
            throw new FlussException($"The description of table {path} is not JSON: {exception.Message}", FlussErrorCode.InvalidTable, exception);
        }
    }

    private static IReadOnlyList<string> Keys(TablePath path, JsonElement owner, string key, TableSchema schema)
    {
        IReadOnlyList<string> keys = Texts(path, owner, key);
        string? unknown = keys.FirstOrDefault(name => !schema.Columns.Any(column => column.Name == name));
        return unknown is null ? keys : throw Invalid(path, $"{key} names {unknown}, which is no column");
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
