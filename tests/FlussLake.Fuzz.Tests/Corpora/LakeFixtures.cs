using FlussLake.Lake.Tests;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Lake tables that Paimon's own releases wrote.</summary>
internal static class LakeFixtures
{
    private static readonly string s_root = Path.Combine(AppContext.BaseDirectory, "LakeFixtures");

    /// <summary>The first files of each of some tables whose names start with a text and go on with a digit or a UUID.</summary>
    public static List<byte[]> Files(string prefix, int each, params string[] tables) =>
    [
        .. tables.SelectMany(table => Directory.EnumerateFiles(Path.Combine(s_root, table), prefix + "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file)[prefix.Length..].StartsWith("list-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(each)).Select(File.ReadAllBytes),
    ];

    /// <summary>A table's files in memory, below <c>/lake</c>.</summary>
    public static MemoryLakeStorage InMemory(string table)
    {
        MemoryLakeStorage storage = new();
        string root = Path.Combine(s_root, table);
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith("expected.json", StringComparison.Ordinal)))
        {
            storage.Files["/lake/" + Path.GetRelativePath(root, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        }

        return storage;
    }
}
