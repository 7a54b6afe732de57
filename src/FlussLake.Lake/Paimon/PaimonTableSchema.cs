namespace FlussLake.Lake.Paimon;

/// <summary>A schema file: the columns of one version and the table's options at that version.</summary>
internal sealed record PaimonTableSchema(LakeSchema Schema, IReadOnlyDictionary<string, string> Options)
{
    private const int NewestVersion = 3;

    internal static PaimonTableSchema Parse(string file, byte[] bytes, long expectedId) => PaimonJson.Parse(file, bytes, json => Read(json, expectedId));

    private static PaimonTableSchema Read(PaimonJson json, long expectedId)
    {
        if (json.Long("version") is { } version and not (>= 1 and <= NewestVersion))
            throw LakeErrors.FileNotSupported(json.File, $"its version is {version}", $"Versions up to {NewestVersion} are supported.");
        long id = json.RequiredLong("id");
        if (id != expectedId) throw json.Bad($"it says that it is schema {id}");

        List<LakeField> fields = Fields(json.Required("fields"));
        List<string> partitionKeys = Texts(json.Member("partitionKeys"));
        List<string> primaryKeys = Texts(json.Member("primaryKeys"));
        foreach (string key in partitionKeys.Concat(primaryKeys))
        {
            if (!fields.Exists(f => f.Name == key)) throw json.Bad($"its key '{key}' is no column");
        }

        return new PaimonTableSchema(new LakeSchema(id, fields, partitionKeys, primaryKeys), json.Member("options")?.TextMap() ?? []);
    }

    private static List<LakeField> Fields(PaimonJson json)
    {
        List<LakeField> fields = [];
        HashSet<int> ids = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (PaimonJson item in json.Items())
        {
            LakeField field = Field(item.RequiredInt("id"), item.Required("name").Text, item.Required("type"));
            if (!ids.Add(field.Id)) throw json.Bad($"the field id {field.Id} is there twice");
            if (!names.Add(field.Name)) throw json.Bad($"the field '{field.Name}' is there twice");
            fields.Add(field);
        }

        return fields;
    }

    private static LakeField Field(int id, string name, PaimonJson type)
    {
        string text = (type.IsText ? type.Text : type.Required("type").Text).Trim();
        bool isNullable = true;
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 2 && words[^1].Equals("NULL", StringComparison.OrdinalIgnoreCase) && words[^2].Equals("NOT", StringComparison.OrdinalIgnoreCase))
        {
            isNullable = false;
            words = words[..^2];
        }

        string root = string.Join(' ', words).ToUpperInvariant();
        if (type.IsText) return new LakeField(id, name, root, isNullable);
        IReadOnlyList<LakeField> children = root switch
        {
            "ROW" => Fields(type.Required("fields")),
            "ARRAY" or "MULTISET" or "VECTOR" => [Field(-1, "element", type.Required("element"))],
            "MAP" => [Field(-1, "key", type.Required("key")), Field(-1, "value", type.Required("value"))],
            _ => [],
        };
        return new LakeField(id, name, root, isNullable) { Children = children };
    }

    private static List<string> Texts(PaimonJson? json)
    {
        List<string> texts = [];
        foreach (PaimonJson item in json?.Items() ?? []) texts.Add(item.Text);
        return texts;
    }
}
