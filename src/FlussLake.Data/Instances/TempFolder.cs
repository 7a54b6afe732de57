using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace FlussLake.Data.Instances;

/// <summary>Where shared instances and spilled data live: names below the system's temp folder that nobody else can guess or use.</summary>
internal static class TempFolder
{
    // One prefix a process. DuckDB's names of spilled files are the same in every instance, so two instances must never share a folder.
    private static readonly string s_process = "flusslake_" + RandomNumberGenerator.GetHexString(16, lowercase: true);
    private static readonly ConcurrentDictionary<string, bool> s_paths = new(StringComparer.Ordinal);
    private static int s_next;

    static TempFolder() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (string path in s_paths.Keys)
        {
            Delete(path);
        }
    };

    /// <summary>A path below the temp folder that this process hands out once. What is there when the process ends is deleted.</summary>
    public static string NewPath(string extension)
    {
        string number = Interlocked.Increment(ref s_next).ToString(CultureInfo.InvariantCulture);
        string path = Path.Combine(Path.GetTempPath(), string.Concat(s_process, "_", number, extension));
        s_paths[path] = true;
        return path;
    }

    /// <summary>Deletes what <see cref="NewPath"/> named, for good.</summary>
    public static void GiveBack(string path)
    {
        Delete(path);
        if (!Path.Exists(path))
        {
            s_paths.TryRemove(path, out _);
        }
    }

    /// <summary>Whether a file can be created where <paramref name="path"/> is to be.</summary>
    public static bool IsWritable(string path)
    {
        try
        {
            using FileStream probe = new(path + ".probe", FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Deletes a file or folder of ours; what cannot be deleted stays.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another try follows when the instance closes or the process ends.
        }
    }
}
