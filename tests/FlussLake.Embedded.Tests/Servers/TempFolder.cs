namespace FlussLake.Embedded.Tests.Servers;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("embedded-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
