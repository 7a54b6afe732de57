namespace FlussLake.Cluster.Tests.Kit;

/// <summary>
/// pyfluss, the Rust client of Fluss with Python on top, from the archive in <c>../shared/peers</c> beside the repository.
/// </summary>
internal static partial class PyFluss
{
    private static readonly Lazy<(string? Folder, string? Missing)> s_found = new(Find);
    private static readonly Lazy<string> s_packages = new(Unpack);

    /// <summary>Why pyfluss cannot be used, or null where it can.</summary>
    public static string? Missing => s_found.Value.Missing;

    /// <summary>The folder of the unpacked Python packages.</summary>
    public static string Packages => s_packages.Value;

    private static (string? Folder, string? Missing) Find()
    {
        if (KitLocation.RepositoryRoot() is not { } root)
        {
            return (null, $"No folder above {AppContext.BaseDirectory} holds FlussLake.Data.sln.");
        }

        string folder = Path.GetFullPath(Path.Combine(root, "..", "shared", "peers"));
        if (!File.Exists(Path.Combine(folder, "python-site.tar.xz")))
        {
            return (null, $"There is no pyfluss in {folder}.");
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator).Any(entry => File.Exists(Path.Combine(entry, "python3.11"))) ? (folder, null) : (null, "There is no 'python3.11' on the PATH; pyfluss needs it.");
    }

    // Once for all test runs of this machine; a run that is cut off leaves no half of it.
    private static string Unpack()
    {
        string packages = Path.Combine(Path.GetTempPath(), "flusslake-pyfluss");
        if (!Directory.Exists(packages))
        {
            string half = Directory.CreateTempSubdirectory("flusslake-pyfluss-").FullName;
            Script.Run("-c", TimeSpan.FromMinutes(2), ["tar -xJf \"$0\" -C \"$1\"", Path.Combine(s_found.Value.Folder!, "python-site.tar.xz"), half]);
            try
            {
                Directory.Move(half, packages);
            }
            catch (IOException) when (Directory.Exists(packages))
            {
                Directory.Delete(half, recursive: true);
            }
        }

        return packages;
    }
}
