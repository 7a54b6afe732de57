using System.Text.Json;
using System.Text.Json.Nodes;
using FlussLake.Cluster.Tests.Access;

namespace FlussLake.Cluster.Tests.Kit;

/// <content>The lab's commands, typed.</content>
public sealed partial class Lab
{
    private static readonly TimeSpan s_logPatience = TimeSpan.FromSeconds(15);
    private const int TableAttempts = 3;

    public void CreateDatabase(string database) => Do(new JsonObject { ["do"] = "create-database", ["database"] = database });

    public void CreateTable(LabTable table)
    {
        if (table.PartitionedBy.Count > 0 && Directory.Exists(Path.Combine(_folder, "data")))
        {
            // A coordinator that hears of a partition without having heard of its table elects no leaders any more, for no table. One that has just started may miss a table; later it hears
            // of tables in their order. So this table lies between two others, whose logs show what it has heard.
            CreateTable(new LabTable("before", table.Name) { Lake = false });
        }

        JsonObject command = Command("create-table", table);
        command["columns"] = new JsonArray([.. table.Columns.Select(column => new JsonArray(column.Name, column.TypeText))]);
        command["buckets"] = table.Buckets;
        if (table.BucketKey.Count > 0)
        {
            command["bucketKey"] = Texts(table.BucketKey);
        }

        if (table.PrimaryKey.Count > 0)
        {
            command["primaryKey"] = Texts(table.PrimaryKey);
        }

        if (table.PartitionedBy.Count > 0)
        {
            command["partitionedBy"] = Texts(table.PartitionedBy);
        }

        if (table.Lake is { } lake)
        {
            command["lake"] = lake;
        }

        command["properties"] = new JsonObject(table.Properties.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        command["customProperties"] = new JsonObject(table.CustomProperties.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        Do(command);
        if (!Directory.Exists(Path.Combine(_folder, "data")))
        {
            // An embedded server makes its logs with the table.
            return;
        }

        if (table.PartitionedBy.Count > 0)
        {
            CreateTable(new LabTable("after", table.Name) { Lake = false });
            return;
        }

        // On a busy machine a coordinator sometimes forgets to tell the servers of a new table, for good. A table made anew is told of.
        for (int attempt = 1; !HasLogs(table); attempt++)
        {
            if (attempt == TableAttempts)
            {
                throw new LabException($"The servers made no logs for the {table.Buckets} buckets of {table.Path} within {s_logPatience}, {attempt} times.");
            }

            DropTable(table);
            string leftOver = Path.Combine(_folder, "warehouse", table.Database + ".db", table.Name);
            if (Directory.Exists(leftOver))
            {
                Directory.Delete(leftOver, recursive: true);
            }

            Do((JsonObject)command.DeepClone());
        }
    }

    public void DropTable(LabTable table) => Do(Command("drop-table", table));

    public void CreatePartition(LabTable table, string column, string value)
    {
        JsonObject command = Command("create-partition", table);
        command["partition"] = new JsonObject { [column] = value };
        Do(command);
    }

    public void SetProperty(LabTable table, string key, string? value)
    {
        JsonObject command = Command("set-property", table);
        command["properties"] = new JsonObject { [key] = value };
        Do(command);
    }

    /// <summary>Appends rows and returns when all are acknowledged. Values are numbers, booleans, texts in the lab's forms, or null.</summary>
    public void Append(LabTable table, params IEnumerable<object?[]> rows)
    {
        JsonObject command = Command("append", table);
        command["rows"] = new JsonArray([.. rows.Select(row => new JsonArray([.. row.Select(Node)]))]);
        Do(command);
    }

    /// <summary>Appends rows that are a function of seed, row number and column; column 0 is the row number.</summary>
    public void Generate(LabTable table, long rows, long from = 0, int nullPercent = 0, int flushEvery = 0, int seed = 1)
    {
        JsonObject command = Command("generate", table);
        command["rows"] = rows;
        command["from"] = from;
        command["nullPercent"] = nullPercent;
        command["flushEvery"] = flushEvery;
        command["seed"] = seed;
        Do(command);
    }

    /// <summary>The first and the next offset of each bucket, by <c>bucket</c> or <c>partition/bucket</c>.</summary>
    public IReadOnlyDictionary<string, (long Earliest, long Latest)> Offsets(LabTable table) => Do(Command("offsets", table))
        .EnumerateObject()
        .Where(entry => entry.Value.ValueKind == JsonValueKind.Object)
        .ToDictionary(entry => entry.Name, entry => (entry.Value.GetProperty("earliest").GetInt64(), entry.Value.GetProperty("latest").GetInt64()));

    /// <summary>One tiering round, to the end of every bucket, or to the given exclusive ends; buckets that <paramref name="upTo"/> does not name stay where they are.</summary>
    /// <returns>The new lake snapshot's id, or null where there was nothing to tier.</returns>
    public long? Tier(LabTable table, IReadOnlyDictionary<string, long>? upTo = null, bool register = true)
    {
        JsonObject command = Command("tier", table);
        command["register"] = register;
        if (upTo is not null)
        {
            command["upTo"] = new JsonObject(upTo.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        }

        JsonElement answer = Do(command);
        return answer.TryGetProperty("snapshot", out JsonElement snapshot) ? snapshot.GetInt64() : null;
    }

    /// <summary>The registered lake snapshot and its exclusive end offset of each bucket.</summary>
    public (long Snapshot, IReadOnlyDictionary<string, long> Offsets) LakeSnapshot(LabTable table)
    {
        JsonElement answer = Do(Command("lake-snapshot", table));
        return (answer.GetProperty("snapshot").GetInt64(), answer.GetProperty("offsets").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64()));
    }

    /// <summary>Paimon's own full compaction, which Fluss is not told of.</summary>
    /// <returns>The new lake snapshot's id.</returns>
    public long Compact(LabTable table) => Do(Command("compact", table)).GetProperty("snapshot").GetInt64();

    /// <summary>Expires all but the newest lake snapshots, with the files that only they used.</summary>
    /// <returns>The oldest snapshot's id that is left.</returns>
    public long Expire(LabTable table, int keep = 1)
    {
        JsonObject command = Command("expire", table);
        command["keep"] = keep;
        return Do(command).GetProperty("earliest").GetInt64();
    }

    /// <summary>
    /// Waits until the servers have made a log for every bucket. A server that is asked for a table's leaders before they are elected may answer for ever that there are none,
    /// so nobody may ask earlier; the folders of the logs show it without asking.
    /// </summary>
    private bool HasLogs(LabTable table) => Eventually.True(
            () => Directory.GetDirectories(Path.Combine(_folder, "data"), "tablet-*")
                .Select(tablet => Path.Combine(tablet, table.Database))
                .Where(Directory.Exists)
                .SelectMany(database => Directory.GetDirectories(database, table.Name + "-*"))
                .Where(folder => long.TryParse(folder[(folder.LastIndexOf('-') + 1)..], out _) && Path.GetFileName(folder).LastIndexOf('-') == table.Name.Length)
                .Sum(folder => Directory.GetDirectories(folder, "log-*").Length) >= table.Buckets,
            s_logPatience);

    private static JsonObject Command(string name, LabTable table) => new() { ["do"] = name, ["table"] = table.Path };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        // The server's client parses numbers from text, so "R" keeps every digit.
        float number => number.ToString("R", null),
        double number => number.ToString("R", null),
        decimal number => number.ToString(null, null),
        string text => text,
        bool flag => flag,
        _ => JsonValue.Create(Convert.ToInt64(value, null)),
    };
}
