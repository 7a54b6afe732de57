namespace FlussLake.Lake;

/// <summary>
/// Lake files on this machine. Every call does its work on the calling thread and is finished when it returns: no thread of the pool is needed.
/// Safe for use by several threads.
/// </summary>
public sealed class LocalLakeStorage : ILakeStorage
{
    /// <summary>The most bytes that one metadata file may have.</summary>
    public const long MaximumObjectBytes = 512L << 20;

    /// <inheritdoc/>
    /// <remarks>Takes absolute paths, <c>file:/path</c> and <c>file:///path</c>.</remarks>
    public string Resolve(string location)
    {
        LakePath path = LakePath.Parse(location);
        if (path.Scheme is not ("" or "file"))
        {
            throw LakeErrors.Location(
                location,
                $"the scheme '{path.Scheme}' is not supported, only local files are. Make the lake's files reachable as local ones (a mount or a copy) and replace the warehouse root");
        }

        if (path.Authority.Length > 0 && !path.Authority.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            throw LakeErrors.Location(location, $"it names the host '{path.Authority}', and only local files are supported; write file:///path");
        if (!Path.IsPathFullyQualified(path.Path))
            throw LakeErrors.Location(location, "it is not an absolute path");
        return path.Path;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            if (length > MaximumObjectBytes) throw LakeErrors.TooLarge(path, length, MaximumObjectBytes);
            byte[] bytes = new byte[length];
            int filled = 0;
            while (filled < bytes.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(file, bytes.AsSpan(filled, Math.Min(bytes.Length - filled, 8 << 20)), filled);
                if (read == 0) break;
                filled += read;
            }

            return new ValueTask<byte[]>(filled == bytes.Length ? bytes : bytes[..filled]);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<string> names = [];
        try
        {
            foreach (string entry in Directory.EnumerateFiles(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                names.Add(Path.GetFileName(entry));
            }
        }
        catch (DirectoryNotFoundException)
        {
            // A folder that is not there is empty.
        }

        return new ValueTask<IReadOnlyList<string>>(names);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FolderExistsAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(Directory.Exists(folder));
    }
}
