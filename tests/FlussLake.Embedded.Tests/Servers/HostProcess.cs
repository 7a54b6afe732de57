using System.Diagnostics;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>An embedded server in a process of its own, which a test may kill.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public static HostProcess Start(string dataDirectory)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FlussLake.Embedded.Host.dll"));
        start.ArgumentList.Add(dataDirectory);
        Process process = Process.Start(start)!;
        string? address = process.StandardOutput.ReadLine();
        string? milliseconds = process.StandardOutput.ReadLine();
        return address is null || milliseconds is null ? throw new InvalidOperationException($"The server ended with {process.ExitCode}.") : new HostProcess(process, address);
    }

    /// <summary>Has a table of the database shop tiered round after round.</summary>
    public void Tier(string table) => _process.StandardInput.WriteLine(table);

    /// <summary>Waits for the next round that moves rows.</summary>
    /// <returns>What the process says of it: the number of rows, or what went wrong.</returns>
    public string? NextRound() => _process.StandardOutput.ReadLine();

    /// <summary>Ends the process at once, as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
