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
    public static byte[] WithColumns(string file, byte[] schema, IReadOnlyList<FlussColumn> added)
    {
        if (JsonNode.Parse(schema) is not JsonObject json || json["fields"] is not JsonArray fields || json["id"] is not { } id || json["highestFieldId"] is not { } highest)
        {
            throw new LakeException($"The lake metadata file '{file}' is damaged: it lacks its fields or ids.");
        }

        PaimonFieldJson numbering = new(highest.GetValue<int>());
        int at = fields.Count;
        while (at > 0 && SystemColumns.Contains(fields[at - 1]!["name"]!.GetValue<string>()))
        {
            at--;
        }

        foreach (FlussColumn column in added)
        {
            fields.Insert(at++, numbering.Column(column));
        }

        json["id"] = id.GetValue<long>() + 1;
        json["highestFieldId"] = numbering.HighestId;
        json["timeMillis"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return Write(json);
    }
}
