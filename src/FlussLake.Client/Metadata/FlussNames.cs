using System.Buffers;

namespace FlussLake.Client.Metadata;

/// <summary>
/// What databases, tables and partition values may be called: up to 200 ASCII letters, digits, '_' and '-'; those that start with '__' are the server's own.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/metadata/TablePath.java</c>.
/// </summary>
internal static class FlussNames
{
    public const int MaxLength = 200;

    public const string InternalPrefix = "__";

    private static readonly SearchValues<char> s_characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Whether a text has no character that names cannot have.</summary>
    public static bool HasOnlyNameCharacters(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_characters);
}
