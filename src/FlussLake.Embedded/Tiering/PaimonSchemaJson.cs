using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlussLake.Client.Metadata;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering;

/// <summary>Writes Paimon's schema files.</summary>
internal static class PaimonSchemaJson
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, s_readable);

    /// <summary>The next version of a schema: columns are added before the system columns, whatever else is there stays.</summary>
    /// <exception cref="LakeException">The schema is damaged.</exception>
    public static byte[] WithColumns(string file, byte[] schema, IReadOnlyList<FlussColumn> added)
    {
        try
        {
            return JsonNode.Parse(schema) is JsonObject json && json["fields"] is JsonArray fields && json["id"] is { } id && json["highestFieldId"] is { } highest
                ? WithColumns(json, fields, id.GetValue<long>(), highest.GetValue<int>(), added)
                : throw LakeErrors.Damaged(file, "it lacks its fields or ids");
        }
        catch (Exception exception) when (JsonDamage.IsShownBy(exception))
        {
            throw LakeErrors.Damaged(file, "no columns can be added to what it holds", exception);
        }
    }

    private static byte[] WithColumns(JsonObject json, JsonArray fields, long id, int highestId, IReadOnlyList<FlussColumn> added)
    {
        PaimonFieldJson numbering = new(highestId);
        int at = fields.Count;
        while (at > 0 && SystemColumns.Contains(fields[at - 1]!["name"]!.GetValue<string>()))
        {
            at--;
        }

        foreach (FlussColumn column in added)
        {
            fields.Insert(at++, numbering.Column(column));
        }

        json["id"] = checked(id + 1);
        json["highestFieldId"] = numbering.HighestId;
        json["timeMillis"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return Write(json);
    }
}
