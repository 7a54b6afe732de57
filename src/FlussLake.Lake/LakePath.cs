namespace FlussLake.Lake;

/// <summary>A location as lake metadata and servers write it, cut into its parts. Nothing in it is percent-decoded: <c>%3A</c> in a folder's name is three characters.</summary>
/// <param name="Scheme">The scheme in lower case, such as <c>file</c> or <c>s3</c>; empty for a plain path.</param>
/// <param name="Authority">What stands between <c>//</c> and the path (a host or bucket); empty where there is none.</param>
/// <param name="Path">The path, without slashes at its end.</param>
public readonly record struct LakePath(string Scheme, string Authority, string Path)
{
    /// <summary>Cuts a location into its parts.</summary>
    /// <param name="location">A plain path, <c>scheme:/path</c> or <c>scheme://authority/path</c>.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="LakeException">The location is empty or holds a NUL character.</exception>
    public static LakePath Parse(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal))
            throw LakeErrors.Location(location.Replace('\0', '?'), "it is empty or holds a NUL character");

        int colon = location.IndexOf(':', StringComparison.Ordinal);

        // One letter before the colon is a Windows drive, not a scheme.
        if (colon < 2 || !IsScheme(location.AsSpan(0, colon)))
            return new LakePath("", "", TrimEnd(location));

        string scheme = location[..colon].ToLowerInvariant();
        string rest = location[(colon + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return new LakePath(scheme, "", TrimEnd(rest));
        int slash = rest.IndexOf('/', 2);
        return slash < 0 ? new LakePath(scheme, rest[2..], "") : new LakePath(scheme, rest[2..slash], TrimEnd(rest[slash..]));
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0])) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        }

        return true;
    }

    private static string TrimEnd(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 && path.Length > 0 ? "/" : trimmed;
    }
}
