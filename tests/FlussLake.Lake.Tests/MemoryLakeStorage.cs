namespace FlussLake.Lake.Tests;

/// <summary>Lake files in memory. Counts the reads.</summary>
internal sealed class MemoryLakeStorage : ILakeStorage
{
    internal Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    internal List<string> Reads { get; } = [];

    public string Resolve(string location) => location.StartsWith("file:", StringComparison.Ordinal) ? location[5..] : location;

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        lock (Reads) Reads.Add(path);
        return Files.TryGetValue(path, out byte[]? bytes) ? new(bytes) : throw new FileNotFoundException("no such object", path);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) =>
        new([.. Files.Keys.Where(key => key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(key => key[(folder.Length + 1)..]).Where(name => !name.Contains('/'))]);

    public ValueTask<bool> FolderExistsAsync(string folder, CancellationToken cancellationToken) =>
        new(Files.Keys.Any(key => key.StartsWith(folder + "/", StringComparison.Ordinal)));
}
