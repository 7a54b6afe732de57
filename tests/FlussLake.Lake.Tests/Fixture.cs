using System.Text.Json;

namespace FlussLake.Lake.Tests;

/// <summary>The checked-in tables.</summary>
internal static class Fixture
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    internal static string Root(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    internal static ExpectedSnapshot[] Expected(string name) =>
        JsonSerializer.Deserialize<ExpectedSnapshot[]>(File.ReadAllBytes(Path.Combine(Root(name), "expected.json")), CamelCase)!;

    /// <summary>The table's files in memory, to be damaged there.</summary>
    internal static MemoryLakeStorage InMemory(string name)
    {
        MemoryLakeStorage storage = new();
        string root = Root(name);
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith("expected.json", StringComparison.Ordinal))
                storage.Files["/lake/" + Path.GetRelativePath(root, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        }

        return storage;
    }
}
