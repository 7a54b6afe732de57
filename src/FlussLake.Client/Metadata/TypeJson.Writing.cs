using System.Text.Json;

namespace FlussLake.Client.Metadata;

internal static partial class TypeJson
{
    public static void Write(Utf8JsonWriter json, FlussType type)
    {
        json.WriteStartObject();
        json.WriteString("type", Name(type.Kind));
        if (!type.IsNullable)
        {
            json.WriteBoolean("nullable", false);
        }

        switch (type.Kind)
        {
            case FlussTypeKind.Char or FlussTypeKind.Binary:
                json.WriteNumber("length", type.Length);
                break;
            case FlussTypeKind.Decimal:
                json.WriteNumber("precision", type.Precision);
                json.WriteNumber("scale", type.Scale);
                break;
            case FlussTypeKind.Time or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                json.WriteNumber("precision", type.Precision);
                break;
            case FlussTypeKind.Array:
                json.WritePropertyName("element_type");
                Write(json, type.Element!);
                break;
            case FlussTypeKind.Map:
                json.WritePropertyName("key_type");
                Write(json, type.Key! with { IsNullable = false });
                json.WritePropertyName("value_type");
                Write(json, type.Value!);
                break;
            case FlussTypeKind.Row:
                WriteFields(json, type.Fields);
                break;
            default:
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<FlussField> fields)
    {
        json.WriteStartArray("fields");
        foreach (FlussField field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WritePropertyName("field_type");
            Write(json, field.Type);
            json.WriteNumber("field_id", field.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Name(FlussTypeKind kind) => kind switch
    {
        FlussTypeKind.Boolean => "BOOLEAN",
        FlussTypeKind.TinyInt => "TINYINT",
        FlussTypeKind.SmallInt => "SMALLINT",
        FlussTypeKind.Int => "INTEGER",
        FlussTypeKind.BigInt => "BIGINT",
        FlussTypeKind.Float => "FLOAT",
        FlussTypeKind.Double => "DOUBLE",
        FlussTypeKind.Char => "CHAR",
        FlussTypeKind.String => "STRING",
        FlussTypeKind.Binary => "BINARY",
        FlussTypeKind.Bytes => "BYTES",
        FlussTypeKind.Decimal => "DECIMAL",
        FlussTypeKind.Date => "DATE",
        FlussTypeKind.Time => "TIME_WITHOUT_TIME_ZONE",
        FlussTypeKind.Timestamp => "TIMESTAMP_WITHOUT_TIME_ZONE",
        FlussTypeKind.TimestampLtz => "TIMESTAMP_WITH_LOCAL_TIME_ZONE",
        FlussTypeKind.Array => "ARRAY",
        FlussTypeKind.Map => "MAP",
        FlussTypeKind.Row => "ROW",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind is not known."),
    };
}
