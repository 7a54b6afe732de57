namespace FlussLake.Lake.Paimon;

/// <summary>
/// Folds manifest entries into the live files: those added whose identity was not deleted. The order of manifests does not matter, since a file is never added
/// again after it was deleted.
/// </summary>
internal sealed class PaimonLiveFiles
{
    private readonly HashSet<PaimonManifestEntry> _added = new(PaimonFileIdentity.Comparer);
    private readonly HashSet<PaimonManifestEntry> _deleted = new(PaimonFileIdentity.Comparer);
    private readonly List<PaimonManifestEntry> _inOrder = [];
    private readonly string _table;
    private readonly long _snapshotId;

    internal PaimonLiveFiles(string table, long snapshotId)
    {
        _table = table;
        _snapshotId = snapshotId;
    }

    internal void Add(PaimonManifest manifest)
    {
        foreach (PaimonManifestEntry entry in manifest.Entries)
        {
            // Reading a file twice would give its rows twice.
            if (!(entry.IsAdd ? _added : _deleted).Add(entry))
                throw LakeErrors.Inconsistent(_table, _snapshotId, $"the file '{entry.FileName}' is {(entry.IsAdd ? "added" : "deleted")} twice");
            if (entry.IsAdd) _inOrder.Add(entry);
        }
    }

    /// <summary>The live files, in the order of the manifests.</summary>
    internal List<PaimonManifestEntry> Live()
    {
        foreach (PaimonManifestEntry entry in _deleted)
        {
            if (!_added.Contains(entry)) throw LakeErrors.Inconsistent(_table, _snapshotId, $"the file '{entry.FileName}' is deleted, but was never added");
        }

        return _deleted.Count == 0 ? _inOrder : _inOrder.FindAll(entry => !_deleted.Contains(entry));
    }
}
