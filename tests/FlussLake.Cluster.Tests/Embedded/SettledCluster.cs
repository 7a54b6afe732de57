using System.Text.Json.Nodes;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Embedded;

/// <summary>
/// Waits for what a real cluster does later. On a busy machine the coordinator of 0.9.1 may hear of a partition before it hears of the partition's table. It then fails halfway,
/// and from that moment on tells the servers of no new table or partition at all, until it starts again and tells them everything. Writers do not make partitions there, since
/// they would wait for minutes.
/// </summary>
internal sealed class SettledCluster(KitCluster cluster)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // Also of a busy machine that starts a coordinator.
    private static readonly TimeSpan s_longPatience = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, int> _buckets = [];

    /// <summary>Makes the partitions that a command is going to write to.</summary>
    public void Prepare(JsonObject command)
    {
        if (command["do"]!.GetValue<string>() != "generate" || command["partitions"] is not JsonArray wanted)
        {
            return;
        }

        string table = command["table"]!.GetValue<string>();
        string known = EmbeddedKit.Answer(cluster.Lab, new JsonObject { ["do"] = "partitions", ["table"] = table });
        if (known.EndsWith("Exception", StringComparison.Ordinal))
        {
            return;
        }

        HashSet<string> names = [.. ((JsonObject)JsonNode.Parse(known)!).Select(entry => entry.Key)];
        string key = table.Contains("random", StringComparison.Ordinal) ? "p" : "dt";
        foreach (string name in wanted.Select(name => name!.GetValue<string>()).Where(name => !names.Contains(name)))
        {
            JsonObject create = new() { ["do"] = "create-partition", ["table"] = table, ["partition"] = new JsonObject { [key] = name } };
            Settle(create, EmbeddedKit.Answer(cluster.Lab, create));
        }
    }

    /// <summary>Waits until the servers know what a command has made.</summary>
    public void Settle(JsonObject command, string answer)
    {
        string verb = command["do"]!.GetValue<string>();
        if (answer.EndsWith("Exception", StringComparison.Ordinal) || verb is not ("create-table" or "create-partition"))
        {
            return;
        }

        string table = command["table"]!.GetValue<string>();
        string? partition = null;
        if (verb == "create-table")
        {
            _buckets[table] = command["buckets"]?.GetValue<int>() ?? 3;
            if (command["partitionedBy"] is not null)
            {
                return;
            }
        }
        else
        {
            partition = command["partition"]!.AsObject().Single().Value!.GetValue<string>();
        }

        if (!Eventually.True(() => HasLogs(table, partition), s_patience))
        {
            cluster.RestartStuckCoordinator();
            Assert.True(Eventually.True(() => HasLogs(table, partition), s_longPatience), $"The real cluster has forgotten {table} {partition}.");
        }
    }

    private bool HasLogs(string table, string? partition)
    {
        string[] parts = table.Split('.');
        string database = Path.Combine(cluster.Folder, "data", "tablet-0", parts[0]);
        if (!Directory.Exists(database))
        {
            return false;
        }

        // Folders are named by table and id, and below by partition and id; the newest has the highest id.
        IEnumerable<string> folders = Newest(database, parts[1] + "-");
        if (partition is not null)
        {
            folders = folders.SelectMany(folder => Newest(folder, partition + "-p"));
        }

        return folders.SelectMany(folder => Directory.GetDirectories(folder, "log-*")).Count() >= _buckets[table];
    }

    private static IEnumerable<string> Newest(string parent, string prefix) => Directory.GetDirectories(parent, prefix + "*")
        .Where(folder => long.TryParse(Path.GetFileName(folder).AsSpan(prefix.Length), out _))
        .OrderByDescending(folder => long.Parse(Path.GetFileName(folder).AsSpan(prefix.Length), null))
        .Take(1);
}
