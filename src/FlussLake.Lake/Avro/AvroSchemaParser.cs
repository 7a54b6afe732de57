using System.Text.Json;

namespace FlussLake.Lake.Avro;

/// <summary>
/// Parses the schema in the header of an Avro file. The schema comes from the file, so it is bounded: the JSON's depth by the JSON reader, the expanded size here,
/// and a type that contains itself is refused (Paimon's metadata has none), so that neither the parser nor whoever skips a value can be made to run away.
/// </summary>
internal sealed class AvroSchemaParser
{
    private const int MaximumWeight = 4096;
    private readonly Dictionary<string, AvroSchema?> _named = [];
    private readonly string _file;

    private AvroSchemaParser(string file) => _file = file;

    internal static AvroSchema Parse(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new AvroSchemaParser(file).Parse(document.RootElement, "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw LakeErrors.Damaged(file, "its Avro schema is not what JSON allows", e);
        }
    }

    private AvroSchema Parse(JsonElement element, string space) => element.ValueKind switch
    {
        JsonValueKind.String => Reference(element.GetString()!, space),
        JsonValueKind.Array => Union(element, space),
        JsonValueKind.Object => Complex(element, space),
        _ => throw Bad("a type is neither text, list nor object"),
    };

    private AvroSchema Complex(JsonElement element, string space)
    {
        if (!element.TryGetProperty("type", out JsonElement type)) throw Bad("a type lacks its 'type'");
        if (type.ValueKind != JsonValueKind.String) return Parse(type, space);
        switch (type.GetString())
        {
            case "record" or "error":
                return Record(element, space);
            case "array":
                return Repeated(AvroType.Array, Member(element, "items"), space);
            case "map":
                return Repeated(AvroType.Map, Member(element, "values"), space);
            case "enum":
                return Name(element, ref space, new AvroSchema { Type = AvroType.Enum, MinimumSize = 1, Weight = 1 });
            case "fixed":
                if (!Member(element, "size").TryGetInt32(out int size) || size < 0) throw Bad("a fixed type has no size");
                return Name(element, ref space, new AvroSchema { Type = AvroType.Fixed, FixedSize = size, MinimumSize = size, Weight = 1 });
            default:
                return Reference(type.GetString()!, space);
        }
    }

    private AvroSchema Record(JsonElement element, string space)
    {
        string name = Name(element, ref space);
        List<AvroField> fields = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        long size = 0;
        long weight = 1;
        foreach (JsonElement field in Member(element, "fields").EnumerateArray())
        {
            string fieldName = Member(field, "name").GetString() ?? throw Bad("a field has no name");
            if (!names.Add(fieldName)) throw Bad($"the field '{fieldName}' is there twice");
            AvroSchema schema = Parse(Member(field, "type"), space);

            // Fields of no bytes would let a few bytes stand for any amount of work.
            if (schema.MinimumSize == 0) throw Bad($"the field '{fieldName}' takes no bytes");
            fields.Add(new AvroField(fieldName, schema));
            size += schema.MinimumSize;
            weight = Checked(weight + schema.Weight);
        }

        AvroSchema record = new() { Type = AvroType.Record, Fields = [.. fields], MinimumSize = size, Weight = weight };
        _named[name] = record;
        return record;
    }

    private AvroSchema Union(JsonElement element, string space)
    {
        List<AvroSchema> branches = [];
        long weight = 1;
        foreach (JsonElement branch in element.EnumerateArray())
        {
            AvroSchema schema = Parse(branch, space);
            if (schema.Type == AvroType.Union) throw Bad("a union is a branch of a union");
            branches.Add(schema);
            weight = Checked(weight + schema.Weight);
        }

        return new AvroSchema { Type = AvroType.Union, Branches = [.. branches], MinimumSize = 1, Weight = weight };
    }

    private AvroSchema Repeated(AvroType type, JsonElement items, string space)
    {
        AvroSchema schema = Parse(items, space);

        // Items of no bytes would let a few bytes stand for any number of them.
        if (type == AvroType.Array && schema.MinimumSize == 0) throw Bad("the items of an array take no bytes");
        return new AvroSchema { Type = type, Items = schema, MinimumSize = 1, Weight = Checked(schema.Weight + 1) };
    }

    private AvroSchema Name(JsonElement element, ref string space, AvroSchema schema)
    {
        _named[Name(element, ref space)] = schema;
        return schema;
    }

    private string Name(JsonElement element, ref string space)
    {
        string name = Member(element, "name").GetString() ?? throw Bad("a named type has no name");
        int dot = name.LastIndexOf('.');
        if (dot >= 0) space = name[..dot];
        else if (element.TryGetProperty("namespace", out JsonElement given) && given.GetString() is { } text) space = text;
        string full = dot >= 0 || space.Length == 0 ? name : space + "." + name;
        if (!_named.TryAdd(full, null)) throw Bad($"the type '{full}' is there twice");
        return full;
    }

    private AvroSchema Reference(string name, string space)
    {
        AvroType? primitive = name switch
        {
            "null" => AvroType.Null,
            "boolean" => AvroType.Boolean,
            "int" => AvroType.Int,
            "long" => AvroType.Long,
            "float" => AvroType.Float,
            "double" => AvroType.Double,
            "bytes" => AvroType.Bytes,
            "string" => AvroType.String,
            _ => null,
        };
        if (primitive is { } type)
        {
            long size = type switch { AvroType.Null => 0, AvroType.Float => 4, AvroType.Double => 8, _ => 1 };
            return new AvroSchema { Type = type, MinimumSize = size, Weight = 1 };
        }

        string full = name.Contains('.', StringComparison.Ordinal) || space.Length == 0 ? name : space + "." + name;
        if (!_named.TryGetValue(full, out AvroSchema? known) && !_named.TryGetValue(name, out known)) throw Bad($"the type '{name}' is not known");
        return known ?? throw Bad($"the type '{name}' contains itself");
    }

    private JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : throw Bad($"'{name}' is missing");

    private long Checked(long weight) => weight <= MaximumWeight ? weight : throw Bad($"it has more than {MaximumWeight} parts");

    private LakeException Bad(string detail) => LakeErrors.Damaged(_file, "its Avro schema cannot be used: " + detail);
}
