namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>The folder <c>fuzz</c> beside the tests.</summary>
internal static class FuzzFiles
{
    public static string PathOf(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "fuzz");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
