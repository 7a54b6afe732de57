using System.Text.Json;

namespace FlussLake.Client.Metadata;

/// <summary>Reads and writes the <c>data_type</c> objects of schemas. <c>nullable</c> is written only where it is false; unknown keys are ignored.</summary>
internal static partial class TypeJson
{
    // Deeper nesting than this is no type that anybody declared.
    private const int MaxDepth = 32;

    public static FlussType Read(JsonElement json, string table, string column) => Read(json, table, column, 0);

    private static FlussType Read(JsonElement json, string table, string column, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Invalid(table, column, $"it nests more than {MaxDepth} levels deep");
        }

        string name = json.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()!
            : throw Invalid(table, column, "it has no name");
        FlussType read = name switch
        {
            "BOOLEAN" => new FlussType(FlussTypeKind.Boolean),
            "TINYINT" => new FlussType(FlussTypeKind.TinyInt),
            "SMALLINT" => new FlussType(FlussTypeKind.SmallInt),
            "INTEGER" => new FlussType(FlussTypeKind.Int),
            "BIGINT" => new FlussType(FlussTypeKind.BigInt),
            "FLOAT" => new FlussType(FlussTypeKind.Float),
            "DOUBLE" => new FlussType(FlussTypeKind.Double),
            "CHAR" => new FlussType(FlussTypeKind.Char) { Length = Number("length", 1, int.MaxValue) },
            "STRING" => new FlussType(FlussTypeKind.String),
            "BINARY" => new FlussType(FlussTypeKind.Binary) { Length = Number("length", 1, int.MaxValue) },
            "BYTES" => new FlussType(FlussTypeKind.Bytes),
            "DECIMAL" => Decimal(),
            "DATE" => new FlussType(FlussTypeKind.Date),
            "TIME_WITHOUT_TIME_ZONE" => new FlussType(FlussTypeKind.Time) { Precision = Number("precision", 0, 9) },
            "TIMESTAMP_WITHOUT_TIME_ZONE" => new FlussType(FlussTypeKind.Timestamp) { Precision = Number("precision", 0, 9) },
            "TIMESTAMP_WITH_LOCAL_TIME_ZONE" => new FlussType(FlussTypeKind.TimestampLtz) { Precision = Number("precision", 0, 9) },
            "ARRAY" => new FlussType(FlussTypeKind.Array) { Element = Inner("element_type") },
            "MAP" => new FlussType(FlussTypeKind.Map) { Key = Inner("key_type"), Value = Inner("value_type") },
            "ROW" => new FlussType(FlussTypeKind.Row) { Fields = Fields() },
            _ => throw new FlussException(
                $"Column {column} of table {table} has the type {name}, which this client does not know.", FlussErrorCode.UnsupportedVersion),
        };
        bool nullable = !json.TryGetProperty("nullable", out JsonElement allowed) || allowed.ValueKind != JsonValueKind.False;
        return nullable ? read : read with { IsNullable = false };

        FlussType Decimal()
        {
            int precision = Number("precision", 1, 38);
            return new FlussType(FlussTypeKind.Decimal) { Precision = precision, Scale = Number("scale", 0, precision) };
        }

        int Number(string key, int min, int max) =>
            json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max
                ? number
                : throw Invalid(table, column, $"{key} of {name} is missing or out of range");

        FlussType Inner(string key) => json.TryGetProperty(key, out JsonElement inner) && inner.ValueKind == JsonValueKind.Object
            ? Read(inner, table, column, depth + 1)
            : throw Invalid(table, column, $"{name} has no {key}");

        IReadOnlyList<FlussField> Fields()
        {
            if (!json.TryGetProperty("fields", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            {
                throw Invalid(table, column, "ROW has no fields");
            }

            List<FlussField> fields = new(list.GetArrayLength());
            foreach (JsonElement field in list.EnumerateArray())
            {
                if (field.ValueKind != JsonValueKind.Object || !field.TryGetProperty("name", out JsonElement fieldName) || fieldName.ValueKind != JsonValueKind.String
                    || !field.TryGetProperty("field_type", out JsonElement fieldType) || fieldType.ValueKind != JsonValueKind.Object)
                {
                    throw Invalid(table, column, "a field of ROW lacks its name or type");
                }

                int id = field.TryGetProperty("field_id", out JsonElement fieldId) && fieldId.ValueKind == JsonValueKind.Number && fieldId.TryGetInt32(out int given) ? given : -1;
                fields.Add(new FlussField(fieldName.GetString()!, Read(fieldType, table, column, depth + 1), id));
            }

            return fields;
        }
    }

    private static FlussException Invalid(string table, string column, string what) =>
        new($"The type of column {column} of table {table} cannot be read: {what}.", FlussErrorCode.InvalidTable);
}
