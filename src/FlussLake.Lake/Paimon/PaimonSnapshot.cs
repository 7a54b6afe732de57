namespace FlussLake.Lake.Paimon;

/// <summary>What planning needs of a snapshot file (or of a tag file, which holds the same members).</summary>
internal sealed record PaimonSnapshot
{
    private const int NewestVersion = 3;

    internal required long Id { get; init; }

    internal required long SchemaId { get; init; }

    internal required string BaseManifestList { get; init; }

    internal required string DeltaManifestList { get; init; }

    /// <summary>Sizes in bytes; null in files of writers before 1.1.</summary>
    internal long? BaseManifestListSize { get; init; }

    internal long? DeltaManifestListSize { get; init; }

    internal string? IndexManifest { get; init; }

    /// <summary>Who committed it; null where the file does not say.</summary>
    internal string? CommitUser { get; init; }

    /// <summary>What the committer noted with it.</summary>
    internal IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The rows in all live files; null in files of very old writers.</summary>
    internal long? TotalRecordCount { get; init; }

    internal static PaimonSnapshot Parse(string file, byte[] bytes) => PaimonJson.Parse(file, bytes, Read);

    private static PaimonSnapshot Read(PaimonJson json)
    {
        if (json.Long("version") is { } version and not (>= 1 and <= NewestVersion))
            throw LakeErrors.FileNotSupported(json.File, $"its version is {version}", $"Versions up to {NewestVersion} are supported.");
        return new PaimonSnapshot
        {
            Id = json.RequiredLong("id"),
            SchemaId = json.RequiredLong("schemaId"),
            BaseManifestList = PaimonNames.Checked(json.File, json.Required("baseManifestList").Text),
            DeltaManifestList = PaimonNames.Checked(json.File, json.Required("deltaManifestList").Text),
            BaseManifestListSize = json.Long("baseManifestListSize"),
            DeltaManifestListSize = json.Long("deltaManifestListSize"),
            IndexManifest = json.Member("indexManifest") is { } index ? PaimonNames.Checked(json.File, index.Text) : null,
            CommitUser = json.Member("commitUser")?.Text,
            Properties = json.Member("properties")?.TextMap() ?? [],
            TotalRecordCount = json.Long("totalRecordCount"),
        };
    }
}
