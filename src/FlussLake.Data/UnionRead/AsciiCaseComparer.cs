using System.Diagnostics.CodeAnalysis;

namespace FlussLake.Data.UnionRead;

/// <summary>Compares identifiers as DuckDB does: only the case of ASCII letters makes no difference.</summary>
internal sealed class AsciiCaseComparer : IEqualityComparer<string>
{
    public static AsciiCaseComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => x is null || y is null ? ReferenceEquals(x, y) : x.Length == y.Length && Fold(x).Equals(Fold(y), StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string obj) => StringComparer.Ordinal.GetHashCode(Fold(obj));

    private static string Fold(string name) => string.Create(name.Length, name, static (folded, original) =>
    {
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(original[i]) ? (char)(original[i] | 0x20) : original[i];
        }
    });
}
