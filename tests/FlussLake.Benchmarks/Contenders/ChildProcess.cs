using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>A process that answers one JSON line for each JSON line that it is given, until its input ends. One call at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private readonly Process _process;
    private readonly BlockingCollection<string> _answers = [];
    private readonly ConcurrentQueue<string> _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        new Thread(ReadAnswers) { IsBackground = true, Name = "answers" }.Start();
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The answer to one request.</summary>
    /// <exception cref="InvalidOperationException">The process answered with an error, ended, or did not answer in time.</exception>
    public JsonElement Ask(JsonObject request)
    {
        string text = request.ToJsonString();
        _process.StandardInput.WriteLine(text);
        _process.StandardInput.Flush();
        if (!_answers.TryTake(out string? line, s_patience))
        {
            string state = _process.HasExited ? $"has ended with {_process.ExitCode}" : $"gave no answer within {s_patience}";
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {state} to {text}: {string.Join('\n', _errors)}");
        }

        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement answer = document.RootElement.Clone();
        return answer.TryGetProperty("error", out JsonElement error) ? throw new InvalidOperationException($"{_process.StartInfo.FileName}: {text}: {error}") : answer;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

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
