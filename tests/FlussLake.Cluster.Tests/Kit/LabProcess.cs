using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>One process of the lab: it answers one JSON line for each line that it is given. One call at a time.</summary>
internal sealed class LabProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly string _folder;
    private readonly BlockingCollection<string> _answers = [];
    private readonly ConcurrentQueue<string> _errors = new();

    private LabProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
        Thread reader = new(ReadAnswers) { IsBackground = true, Name = "lab answers" };
        reader.Start();
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>The tables whose leaders this process has asked for.</summary>
    public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether an answer did not come: then none that comes later belongs to its question.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Starts a lab for the cluster in <paramref name="folder"/>.</summary>
    public static LabProcess Start(string folder, string? user = null, string? password = null)
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

        return new LabProcess(Process.Start(start)!, folder);
    }

    /// <summary>The answer to one line.</summary>
    /// <exception cref="LabException">The lab ended, or did not answer in time.</exception>
    public string Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The process has ended; the missing answer says so below.
        }

        if (_answers.TryTake(out string? answer, s_patience))
        {
            return answer;
        }

        IsBroken = true;
        string state = _process.HasExited ? $"has ended with {_process.ExitCode}" : $"gave no answer within {s_patience}";
        throw new LabException($"The lab {state} to {Lab.Shorten(line)}: {string.Join('\n', _errors)}\n{ServerLogs()}");
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

    /// <summary>The last lines that the servers logged: where the lab waits for ever, they may say why.</summary>
    private string ServerLogs() => string.Join('\n', Directory.GetFiles(Path.Combine(_folder, "log"), "*.log")
        .SelectMany(file => File.ReadLines(file).TakeLast(8).Select(line => $"{Path.GetFileName(file)}: {Lab.Shorten(line)}")));

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
