using System.Text.Json;
using System.Text.Json.Nodes;
using FlussLake.Embedded;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>An embedded server and the lab that drives it by Fluss's own Java client.</summary>
public sealed class EmbeddedKit : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flusslake-embedded-").FullName;

    public EmbeddedKit(EmbeddedFlussOptions? options = null)
    {
        KitLocation.Require();
        Fluss = EmbeddedFluss.StartAsync((options ?? new EmbeddedFlussOptions()) with { LakeWarehouse = Path.Combine(_folder, "warehouse") }).GetAwaiter().GetResult();
        foreach (string name in (string[])["run", "conf", "log"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
        }

        File.WriteAllText(Path.Combine(_folder, "run", "port"), Fluss.BootstrapServers.Split(':')[1]);
        File.WriteAllText(Path.Combine(_folder, "run", "lake"), "paimon");
        KeyValuePair<string, string> user = options is null ? default : options.Users.FirstOrDefault();
        Lab = new Lab(_folder, 1, () => LabProcess.Start(_folder, user.Key, user.Value));
    }

    public EmbeddedFluss Fluss { get; }

    public Lab Lab { get; }

    /// <summary>What a lab answers to a command, in a form that can be compared: no times; of an error the exception's name only.</summary>
    public static string Answer(Lab lab, JsonObject command)
    {
        try
        {
            JsonObject answer = JsonObject.Create(lab.Do((JsonObject)command.DeepClone()))!;
            foreach (string time in (string[])["seconds", "rowsPerSecond"])
            {
                answer.Remove(time);
            }

            return answer.ToJsonString();
        }
        catch (LabException exception)
        {
            string error = exception.Message[(Lab.Shorten(command.ToJsonString()).Length + 2)..];
            return error[..Math.Max(0, error.IndexOf(':', StringComparison.Ordinal))];
        }
    }

    /// <summary>The table's rows as the Java client reads them, with partition, bucket and offset, in a fixed order.</summary>
    public static IReadOnlyList<string> Dump(Lab lab, string table)
    {
        string file = Path.GetTempFileName();
        try
        {
            lab.Do(new JsonObject { ["do"] = "dump", ["table"] = table, ["file"] = file, ["withOffsets"] = true });
            return [.. File.ReadAllLines(file).Order(StringComparer.Ordinal)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The names of a table's partitions.</summary>
    public static IReadOnlyList<string> Partitions(Lab lab, string table) =>
        [.. lab.Do(new JsonObject { ["do"] = "partitions", ["table"] = table }).EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Number).Select(entry => entry.Name).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Lab.Dispose();
        Fluss.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }
}
