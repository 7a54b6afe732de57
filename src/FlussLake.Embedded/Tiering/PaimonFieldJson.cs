using System.Text.Json.Nodes;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Tiering;

/// <summary>Writes Fluss columns as the fields of a Paimon schema file, and numbers them as Paimon does.</summary>
internal sealed class PaimonFieldJson(int highestId)
{
    /// <summary>The highest field id that was given.</summary>
    public int HighestId { get; private set; } = highestId;

    public JsonObject Column(FlussColumn column)
    {
        JsonObject field = Field(++HighestId, column.Name, Type(column.Type));
        if (column.Comment is { } comment)
        {
            field["description"] = comment;
        }

        return field;
    }

    public JsonObject SystemColumn(string name, string type) => Field(++HighestId, name, type);

    /// <summary>The name of a type without nested types, and without NOT NULL.</summary>
    public static string Name(FlussType type) => type.Kind switch
    {
        FlussTypeKind.TimestampLtz => $"TIMESTAMP({type.Precision}) WITH LOCAL TIME ZONE",
        // Fluss keeps milliseconds whatever the precision, and declares none in the lake.
        FlussTypeKind.Time => "TIME(0)",
        FlussTypeKind.Array => "ARRAY",
        FlussTypeKind.Map => "MAP",
        FlussTypeKind.Row => "ROW",
        _ => (type with { IsNullable = true }).ToString(),
    };

    private static JsonObject Field(int id, string name, JsonNode type) => new() { ["id"] = id, ["name"] = name, ["type"] = type };

    private JsonNode Type(FlussType type)
    {
        string name = Name(type) + (type.IsNullable ? "" : " NOT NULL");
        return type.Kind switch
        {
            FlussTypeKind.Array => new JsonObject { ["type"] = name, ["element"] = Type(type.Element!) },
            FlussTypeKind.Map => new JsonObject { ["type"] = name, ["key"] = Type(type.Key! with { IsNullable = false }), ["value"] = Type(type.Value!) },
            FlussTypeKind.Row => new JsonObject { ["type"] = name, ["fields"] = Members(type.Fields) },
            _ => name,
        };
    }

    /// <summary>What is nested in a member's type is numbered before the member itself.</summary>
    private JsonArray Members(IReadOnlyList<FlussField> fields)
    {
        JsonArray members = [];
        foreach (FlussField field in fields)
        {
            JsonNode type = Type(field.Type);
            members.Add((JsonNode)Field(++HighestId, field.Name, type));
        }

        return members;
    }
}
