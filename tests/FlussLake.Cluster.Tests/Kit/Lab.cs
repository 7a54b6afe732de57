using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>
/// Fluss's own Java client behind a pipe: one long-lived process that answers one JSON line for each line that it is given. Calls may come from any thread; they are
/// served one after the other.
/// </summary>
public sealed partial class Lab : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly BlockingCollection<string> _answers = [];
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Lock _gate = new();

    private Lab(Process process)
    {
        _process = process;
        Thread reader = new(ReadAnswers) { IsBackground = true, Name = "lab answers" };
        reader.Start();
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a lab for the cluster in <paramref name="folder"/>.</summary>
    public static Lab Start(string folder, string? user = null, string? password = null)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(KitLocation.LabScript);
        start.ArgumentList.Add(folder);
        start.Environment["LAB_HEAP"] = "768m";
        if (user is not null)
        {
            start.Environment["FLUSS_USER"] = user;
            start.Environment["FLUSS_PASSWORD"] = password;
        }

        return new Lab(Process.Start(start)!);
    }

    /// <summary>Runs one command.</summary>
    /// <returns>The lab's answer.</returns>
    /// <exception cref="LabException">The lab answered with an error, ended, or did not answer in time.</exception>
    public JsonElement Do(JsonObject command)
    {
        string text = command.ToJsonString();
        string? answer;
        lock (_gate)
        {
            try
            {
                _process.StandardInput.WriteLine(text);
                _process.StandardInput.Flush();
            }
            catch (IOException)
            {
                // The process has ended; the missing answer says so below.
            }

            if (!_answers.TryTake(out answer, s_patience))
            {
                string state = _process.HasExited ? $"has ended with {_process.ExitCode}" : $"gave no answer within {s_patience}";
                throw new LabException($"The lab {state} to {Shorten(text)}: {string.Join('\n', _errors)}");
            }
        }

        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement root = document.RootElement.Clone();
        return root.GetProperty("ok").GetBoolean()
            ? root
            : throw new LabException($"{Shorten(text)}: {root.GetProperty("error").GetString()}");
    }

    public void Dispose()
    {
        try
        {
            // The lab ends at the end of its input.
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string Shorten(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");

    private void ReadAnswers()
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                _answers.Add(line);
            }
        }
        catch (ObjectDisposedException)
        {
        }

        _answers.CompleteAdding();
    }
}
