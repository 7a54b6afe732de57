using System.Diagnostics;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>Runs one of the kit's scripts to its end.</summary>
internal static class Script
{
    /// <summary>The script's output.</summary>
    /// <exception cref="InvalidOperationException">The script failed or did not end in time; the message holds what it printed.</exception>
    public static string Run(string script, TimeSpan limit, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(script);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Lock gate = new();
        List<string> lines = [];
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (gate)
            {
                lines.Add(line.Data ?? "");
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ended = process.WaitForExit(limit);
        if (ended)
        {
            process.WaitForExit();
        }
        else
        {
            process.Kill(entireProcessTree: true);
        }

        string output;
        lock (gate)
        {
            output = string.Join('\n', lines).Trim();
        }

        return ended && process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{Path.GetFileName(script)} {string.Join(' ', arguments)} {(ended ? $"ended with {process.ExitCode}" : $"did not end in {limit}")}: {output}");
    }
}
