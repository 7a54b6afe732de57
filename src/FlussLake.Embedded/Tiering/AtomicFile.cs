namespace FlussLake.Embedded.Tiering;

/// <summary>Small files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Creates a file, unless one of that name is there.</summary>
    /// <returns>False where one is there; it is left as it is.</returns>
    public static bool TryCreate(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = Write(path, bytes);
        try
        {
            if (HardLink.TryCreate(temporary, path) is { } created)
            {
                return created;
            }

            // Windows moves only where the name is free; elsewhere this is for file systems without links, where the check and the move are two steps.
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Creates a file, or puts the new one in the old one's place.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = Write(path, bytes);
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Removes a file that nobody needs. That it could not be removed must not be taken for a failure of what it was needed for.</summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing names the file; Paimon's cleaning of orphan files removes it.
        }
    }

    private static string Write(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid()}.tmp");
        try
        {
            using FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }
}
