namespace FlussLake.Cluster.Tests.Kit;

/// <summary>
/// Where the scripts <c>cluster</c> and <c>lab</c> are: in the folder that FLUSS_KIT names, else in <c>../shared/fluss</c> beside the repository. Without them or without
/// Java the tests are skipped with the reason; on a build server (CI=true) they fail instead, so that a green build means that they ran.
/// </summary>
public static partial class KitLocation
{
    private static readonly Lazy<(string? Folder, string? Missing)> s_found = new(Find);

    /// <summary>Why the kit cannot be used, or null where it can.</summary>
    public static string? Missing => s_found.Value.Missing;

    public static string ClusterScript => Path.Combine(Folder, "cluster");

    public static string LabScript => Path.Combine(Folder, "lab");

    private static string Folder => s_found.Value.Folder ?? throw new InvalidOperationException(Missing);

    private static (string? Folder, string? Missing) Find()
    {
        string? folder = Environment.GetEnvironmentVariable("FLUSS_KIT");
        if (string.IsNullOrEmpty(folder))
        {
            string? root = RepositoryRoot();
            if (root is null)
            {
                return (null, $"No folder above {AppContext.BaseDirectory} holds FlussLake.Data.sln, and FLUSS_KIT is not set.");
            }

            folder = Path.GetFullPath(Path.Combine(root, "..", "shared", "fluss"));
        }

        if (!File.Exists(Path.Combine(folder, "cluster")) || !File.Exists(Path.Combine(folder, "lab")))
        {
            return (null, $"There is no Fluss cluster kit in {folder}; set FLUSS_KIT to the folder that holds the scripts 'cluster' and 'lab'.");
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator).Any(entry => File.Exists(Path.Combine(entry, "java")))
            ? (folder, null)
            : (null, "There is no 'java' on the PATH; the Fluss cluster kit needs Java 17.");
    }

    /// <summary>The folder of this repository, or null where the tests run elsewhere.</summary>
    public static string? RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlussLake.Data.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
