using System.Text.Json;

namespace FlussLake.Lake.Paimon;

/// <summary>Reads Paimon's JSON files: unknown members are ignored, a null member counts as absent, and whatever does not fit is an error that names the file.</summary>
internal readonly struct PaimonJson
{
    private readonly JsonElement _element;
    private readonly string _file;

    private PaimonJson(string file, JsonElement element)
    {
        _file = file;
        _element = element;
    }

    internal string File => _file;

    internal bool IsText => _element.ValueKind == JsonValueKind.String;

    internal string Text => _element.ValueKind == JsonValueKind.String ? _element.GetString()! : throw Bad("a text is missing where one belongs");

    internal static T Parse<T>(string file, byte[] bytes, Func<PaimonJson, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            PaimonJson root = new(file, document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(root) : throw root.Bad("it is not a JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text with half a surrogate pair.
            throw LakeErrors.Damaged(file, "it is not the JSON that belongs there", e);
        }
    }

    internal PaimonJson? Member(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Bad($"there is no object to hold '{name}'");
        return _element.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? new PaimonJson(_file, member) : null;
    }

    internal PaimonJson Required(string name) => Member(name) ?? throw Bad($"'{name}' is missing");

    internal long? Long(string name)
    {
        if (Member(name) is not { } member) return null;
        return member._element.ValueKind == JsonValueKind.Number && member._element.TryGetInt64(out long value) ? value : throw Bad($"'{name}' is not a 64-bit number");
    }

    internal long RequiredLong(string name) => Long(name) ?? throw Bad($"'{name}' is missing");

    internal int RequiredInt(string name) => RequiredLong(name) is var value and >= int.MinValue and <= int.MaxValue ? (int)value : throw Bad($"'{name}' is beyond 32 bits");

    internal List<PaimonJson> Items()
    {
        if (_element.ValueKind != JsonValueKind.Array) throw Bad("a list is missing where one belongs");
        List<PaimonJson> items = [];
        foreach (JsonElement item in _element.EnumerateArray()) items.Add(new PaimonJson(_file, item));
        return items;
    }

    internal Dictionary<string, string> TextMap()
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Bad("an object is missing where one belongs");
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            map[property.Name] = new PaimonJson(_file, property.Value).Text;
        }

        return map;
    }

    internal LakeException Bad(string detail) => LakeErrors.Damaged(_file, detail);
}
