namespace FlussLake.Lake.Paimon;

/// <summary>A manifest's entries, decoded.</summary>
/// <param name="Entries">The entries in the file's order.</param>
/// <param name="MemorySize">About how many bytes they take in memory.</param>
internal sealed record PaimonManifest(IReadOnlyList<PaimonManifestEntry> Entries, long MemorySize);
