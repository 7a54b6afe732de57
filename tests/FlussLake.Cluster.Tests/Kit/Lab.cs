using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>
/// Fluss's own Java client behind pipes: a few long-lived processes, started when they are needed, each of which runs one command at a time. Calls may come from any thread;
/// a call waits while all processes are busy.
/// </summary>
public sealed partial class Lab : IDisposable
{
    private const int MostAttempts = 500;
    private static readonly string[] s_leaderless = ["Leader not found", "NotLeaderOrFollowerException", "UnknownTableOrBucketException"];
    private readonly string _folder;
    private readonly Func<LabProcess> _start;
    private readonly SemaphoreSlim _free;
    private readonly Stack<LabProcess> _idle = [];

    /// <summary>A lab of up to <paramref name="processes"/> processes for the cluster in <paramref name="folder"/>.</summary>
    internal Lab(string folder, int processes, Func<LabProcess> start)
    {
        _folder = folder;
        _start = start;
        _free = new SemaphoreSlim(processes);
    }

    /// <summary>Runs one command.</summary>
    /// <returns>The lab's answer.</returns>
    /// <exception cref="LabException">The lab answered with an error, ended, or did not answer in time.</exception>
    public JsonElement Do(JsonObject command)
    {
        _free.Wait();
        LabProcess? process = null;
        try
        {
            process = Rent() ?? _start();
            if (command["table"]?.GetValue<string>() is { } table && command["do"]!.GetValue<string>() is "append" or "generate" or "tier" or "dump" && process.Known.Add(table))
            {
                AwaitLeaders(process, table);
            }

            return Answer(process, command);
        }
        finally
        {
            // What did not answer this time would answer the next line with this one's answer.
            if (process is { IsBroken: true })
            {
                process.Dispose();
            }
            else if (process is not null)
            {
                lock (_idle)
                {
                    _idle.Push(process);
                }
            }

            _free.Release();
        }
    }

    public void Dispose()
    {
        while (Rent() is { } process)
        {
            process.Dispose();
        }

        _free.Dispose();
    }

    internal static string Shorten(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");

    private static JsonElement Answer(LabProcess process, JsonObject command)
    {
        string text = command.ToJsonString();
        bool retry = command["do"]!.GetValue<string>() == "offsets";
        for (int attempt = 1; ; attempt++)
        {
            using JsonDocument document = JsonDocument.Parse(process.Ask(text));
            JsonElement root = document.RootElement.Clone();
            if (root.GetProperty("ok").GetBoolean())
            {
                return root;
            }

            string error = root.GetProperty("error").GetString()!;
            bool leaderless = s_leaderless.Any(word => error.Contains(word, StringComparison.Ordinal));
            if (!retry || !leaderless || attempt == MostAttempts)
            {
                throw new LabException($"{Shorten(text)}: {error}");
            }
        }
    }

    /// <summary>
    /// Waits until a process knows a leader of every bucket. A table has none for a moment after it was created, and an append of Fluss's Java client in that moment may wait
    /// for ever.
    /// </summary>
    private static void AwaitLeaders(LabProcess process, string table)
    {
        try
        {
            Answer(process, new JsonObject { ["do"] = "offsets", ["table"] = table });
        }
        catch (LabException) when (!process.IsBroken)
        {
            // The command itself says what is wrong with the table.
        }
    }

    private LabProcess? Rent()
    {
        lock (_idle)
        {
            return _idle.TryPop(out LabProcess? process) ? process : null;
        }
    }
}
