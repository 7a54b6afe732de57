namespace FlussLake.Data.Instances;

/// <summary>The one name of a database file: absolute, with links resolved.</summary>
internal static class DatabasePath
{
    /// <summary>Whether DuckDB opens this by itself, so that it is no path of ours: <c>md:name</c>, <c>s3://...</c>.</summary>
    public static bool IsRemote(string source) => source.StartsWith("md:", StringComparison.OrdinalIgnoreCase) || source.Contains("://", StringComparison.Ordinal);

    /// <summary>The full path with the links of every folder and of the file itself resolved. The file need not exist.</summary>
    public static string Canonical(string path)
    {
        string resolved = Path.GetFullPath(path);

        // A link may lead to a link in another folder; 40 is where the operating systems give up as well.
        for (int round = 0; round < 40; round++)
        {
            string next = ResolveOnce(resolved);
            if (string.Equals(next, resolved, StringComparison.Ordinal))
            {
                break;
            }

            resolved = next;
        }

        return resolved;
    }

    /// <summary>Whether two paths that are equal but for case are two files, because the file system tells them apart.</summary>
    public static bool AreTwoFiles(string path, string other)
    {
        string root = Path.GetPathRoot(path) ?? "";
        string[] left = path[root.Length..].Split(Path.DirectorySeparatorChar);
        string[] right = other[root.Length..].Split(Path.DirectorySeparatorChar);
        string folder = root;
        for (int index = 0; index < left.Length && index < right.Length; index++)
        {
            if (!string.Equals(left[index], right[index], StringComparison.Ordinal) && TellsApart(folder, left[index], right[index]))
            {
                return true;
            }

            folder = Path.Combine(folder, right[index]);
        }

        return false;
    }

    private static bool TellsApart(string folder, string name, string other)
    {
        if (!Path.Exists(Path.Combine(folder, name)) || !Path.Exists(Path.Combine(folder, other)))
        {
            // One of them is there, and asking for the other does not find it.
            return true;
        }

        int matches = Directory.EnumerateFileSystemEntries(folder)
            .Select(static entry => Path.GetFileName(entry))
            .Count(entry => string.Equals(entry, name, StringComparison.OrdinalIgnoreCase));
        return matches > 1;
    }

    private static string ResolveOnce(string path)
    {
        string root = Path.GetPathRoot(path) ?? "";
        string resolved = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            FileInfo entry = new(resolved);
            if (entry.LinkTarget is { } target)
            {
                resolved = Path.GetFullPath(target, Path.GetDirectoryName(resolved) ?? root);
            }
        }

        return resolved;
    }
}
