using System.Text.Json.Nodes;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering;

/// <summary>Writes Paimon's snapshot files.</summary>
internal static class PaimonSnapshotJson
{
    private const int Version = 3;

    /// <summary>What batch commits have in the place of a number of their own.</summary>
    private const long BatchCommit = long.MaxValue;

    // What a commit that only appends leaves as it was.
    private static readonly string[] s_kept = ["indexManifest", "watermark", "logOffsets", "nextRowId"];

    public static JsonObject Next(
        long id, long schemaId, (string Name, long Size) baseList, (string Name, long Size) deltaList, IReadOnlyDictionary<string, string> properties)
    {
        return new JsonObject
        {
            ["version"] = Version,
            ["id"] = id,
            ["schemaId"] = schemaId,
            ["baseManifestList"] = baseList.Name,
            ["baseManifestListSize"] = baseList.Size,
            ["deltaManifestList"] = deltaList.Name,
            ["deltaManifestListSize"] = deltaList.Size,
            ["changelogManifestList"] = null,
            ["commitUser"] = PaimonTieringSnapshot.CommitUser,
            ["commitIdentifier"] = BatchCommit,
            ["commitKind"] = "APPEND",
            ["timeMillis"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            ["logOffsets"] = new JsonObject(),
            ["changelogRecordCount"] = 0L,

            // There even when it is empty: Fluss's committer refuses snapshots of its own user that have none.
            ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))),
            ["nextRowId"] = 0L,
        };
    }

    /// <summary>Takes over what the snapshot before says of the table as a whole.</summary>
    /// <exception cref="LakeException">The snapshot before is damaged.</exception>
    public static void CarryOver(string file, JsonObject json, byte[]? before, long rowsBefore, long rowsAdded)
    {
        try
        {
            json["totalRecordCount"] = checked(rowsBefore + rowsAdded);
            json["deltaRecordCount"] = rowsAdded;
            if (before is not null && JsonNode.Parse(before) is JsonObject old)
            {
                CarryOver(json, old);
            }
        }
        catch (Exception exception) when (JsonDamage.IsShownBy(exception))
        {
            throw LakeErrors.Damaged(file, "what it says of the table as a whole cannot be carried into the next snapshot", exception);
        }
    }

    private static void CarryOver(JsonObject json, JsonObject old)
    {
        foreach (string name in s_kept)
        {
            if (old[name] is { } value)
            {
                json[name] = Copy(value);
            }
        }

        // Statistics are those of a schema.
        if (old["statistics"] is { } statistics && old["schemaId"]?.GetValue<long>() == json["schemaId"]!.GetValue<long>())
        {
            json["statistics"] = Copy(statistics);
        }
    }

    // Written and read again: a clone would keep text that cannot be written.
    private static JsonNode? Copy(JsonNode value) => JsonNode.Parse(value.ToJsonString());
}
