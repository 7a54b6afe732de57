using System.Runtime.InteropServices;

namespace FlussLake.Embedded.Tiering;

/// <summary>Gives a file a second name, which .NET has no call for. It is the one way to make a finished file appear under a name that nobody may have taken.</summary>
internal static partial class HardLink
{
    private const int FileExists = 17;

    /// <summary>Gives a file a further name.</summary>
    /// <param name="existing">The file.</param>
    /// <param name="name">The new name.</param>
    /// <returns>True where the name is the file's now, false where it was taken; null where this system cannot do it.</returns>
    public static bool? TryCreate(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            if (Link(existing, name) == 0)
            {
                return true;
            }

            return Marshal.GetLastPInvokeError() == FileExists ? false : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
