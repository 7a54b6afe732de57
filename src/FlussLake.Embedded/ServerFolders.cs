using FlussLake.Embedded.State;
using FlussLake.Lake;

namespace FlussLake.Embedded;

/// <summary>Where a server keeps its files. Without a data directory they are in a temporary folder that goes with the server.</summary>
internal sealed class ServerFolders : IDisposable
{
    private readonly DirectoryLock? _lock;
    private readonly string? _temporary;

    private ServerFolders(string? dataDirectory, string root, string? temporary, string? warehouse, DirectoryLock? directoryLock)
    {
        DataDirectory = dataDirectory;
        _temporary = temporary;
        _lock = directoryLock;
        Remote = Path.Combine(root, "remote");
        Warehouse = warehouse ?? Path.Combine(root, "warehouse");
        StateFile = dataDirectory is null ? null : Path.Combine(dataDirectory, "fluss.db");
    }

    public string? DataDirectory { get; }

    public string? StateFile { get; }

    /// <summary>Where the offsets of lake snapshots are.</summary>
    public string Remote { get; }

    public string Warehouse { get; }

    /// <summary>The full path of a folder that is given as a path or as a <c>file:</c> location.</summary>
    /// <exception cref="LakeException">It lies elsewhere than on this machine's disk.</exception>
    public static string LocalFolder(string location) => LakePath.Parse(location).Scheme.Length == 0 ? Path.GetFullPath(location) : new LocalLakeStorage().Resolve(location);

    /// <exception cref="EmbeddedFlussException">The data directory is in use.</exception>
    public static ServerFolders Open(EmbeddedFlussOptions options)
    {
        // What may fail comes first: a lock or folder that is taken belongs to the object.
        string? warehouse = options.LakeWarehouse is { } given ? LocalFolder(given) : null;
        if (options.DataDirectory is { } directory)
        {
            string full = Path.GetFullPath(directory);
            return new ServerFolders(full, full, null, warehouse, DirectoryLock.Take(full));
        }

        string temporary = Directory.CreateTempSubdirectory("embedded-fluss-").FullName;
        return new ServerFolders(null, temporary, temporary, warehouse, null);
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }
}
