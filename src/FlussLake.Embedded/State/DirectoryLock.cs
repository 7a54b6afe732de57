namespace FlussLake.Embedded.State;

/// <summary>Keeps other servers from a data directory: a file held open without sharing, which the system lets go of however the process ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="EmbeddedFlussException">Another server uses the directory, or it cannot be written.</exception>
    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "fluss.lock");
        try
        {
            Directory.CreateDirectory(directory);
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedFlussException(
                $"The data directory {directory} cannot be used: {exception.Message} An embedded Fluss uses its directory alone: stop the other one, or choose another directory.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
