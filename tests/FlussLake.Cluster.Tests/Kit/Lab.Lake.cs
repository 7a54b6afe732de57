using System.Text.Json;
using System.Text.Json.Nodes;
using FlussLake.Client;

namespace FlussLake.Cluster.Tests.Kit;

/// <content>The lab's commands on lake tables, which need not be tables of the cluster.</content>
public sealed partial class Lab
{
    public void AddColumn(LabTable table, LabColumn column)
    {
        JsonObject command = Command("add-column", table);
        command["columns"] = new JsonArray((JsonNode)new JsonArray(column.Name, column.TypeText));
        Do(command);
    }

    public void CreatePartition(LabTable table, params IEnumerable<(string Column, string Value)> values)
    {
        JsonObject command = Command("create-partition", table);
        command["partition"] = new JsonObject(values.Select(value => KeyValuePair.Create(value.Column, (JsonNode?)value.Value)));
        Do(command);
    }

    public void DropPartition(LabTable table, params IEnumerable<(string Column, string Value)> values)
    {
        JsonObject command = Command("drop-partition", table);
        command["partition"] = new JsonObject(values.Select(value => KeyValuePair.Create(value.Column, (JsonNode?)value.Value)));
        Do(command);
    }

    /// <summary>The ids of a table's partitions, by name.</summary>
    public IReadOnlyDictionary<string, long> Partitions(LabTable table) => Do(Command("partitions", table))
        .EnumerateObject()
        .Where(entry => entry.Value.ValueKind == JsonValueKind.Number)
        .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64());

    /// <summary>The rows of a lake table as Paimon itself reads them, a line of JSON each, in Paimon's text forms and no order.</summary>
    public IReadOnlyList<string> DumpLake(TablePath table, long? snapshot = null)
    {
        string file = Path.GetTempFileName();
        try
        {
            JsonObject command = new() { ["do"] = "dump-lake", ["table"] = table.ToString(), ["file"] = file };
            if (snapshot is { } id)
            {
                command["snapshot"] = id;
            }

            Do(command);
            return File.ReadAllLines(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Paimon's own full compaction of a lake table.</summary>
    public void CompactLake(TablePath table) => Do(new JsonObject { ["do"] = "compact", ["table"] = table.ToString() });

    /// <summary>Expires all but the newest snapshots of a lake table.</summary>
    public void ExpireLake(TablePath table, int keep = 1) => Do(new JsonObject { ["do"] = "expire", ["table"] = table.ToString(), ["keep"] = keep });
}
