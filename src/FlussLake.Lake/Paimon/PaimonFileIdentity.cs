namespace FlussLake.Lake.Paimon;

/// <summary>
/// Compares manifest entries by the identity of their files. All of it counts: a file that moves to another level, for example, keeps its name and appears as
/// deleted at the old level and added at the new one, often in one manifest.
/// </summary>
internal sealed class PaimonFileIdentity : IEqualityComparer<PaimonManifestEntry>
{
    internal static readonly PaimonFileIdentity Comparer = new();

    public bool Equals(PaimonManifestEntry? x, PaimonManifestEntry? y)
    {
        if (ReferenceEquals(x, y)) return true;
        return x is not null && y is not null
            && x.Level == y.Level
            && x.Bucket == y.Bucket
            && x.FileName == y.FileName
            && x.ExternalPath == y.ExternalPath
            && x.Partition.AsSpan().SequenceEqual(y.Partition)
            && x.ExtraFiles.AsSpan().SequenceEqual(y.ExtraFiles)
            && (x.EmbeddedIndex is null) == (y.EmbeddedIndex is null)
            && x.EmbeddedIndex.AsSpan().SequenceEqual(y.EmbeddedIndex);
    }

    public int GetHashCode(PaimonManifestEntry obj) => HashCode.Combine(obj.FileName, obj.Bucket, obj.Level);
}
