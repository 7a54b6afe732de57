namespace FlussLake.Lake;

/// <summary>
/// Where a lake's metadata files are read from. Paths are those of the storage itself (for local files: absolute paths, without a scheme).
/// Implementations never need a free thread-pool thread to finish.
/// </summary>
public interface ILakeStorage
{
    /// <summary>Turns a location as servers and metadata write it (with or without a scheme) into a path of this storage.</summary>
    /// <param name="location">The location.</param>
    /// <returns>The path, without slashes at its end.</returns>
    /// <exception cref="LakeException">This storage does not hold such locations; the message says which it does.</exception>
    string Resolve(string location);

    /// <summary>Reads a whole object.</summary>
    /// <param name="path">The object's path.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>The object's bytes.</returns>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Lists the names of the objects directly below a folder, in no particular order; a folder that is not there is empty.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The names without their folder.</returns>
    ValueTask<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Whether a folder is there.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>True where it is.</returns>
    ValueTask<bool> FolderExistsAsync(string folder, CancellationToken cancellationToken);
}
