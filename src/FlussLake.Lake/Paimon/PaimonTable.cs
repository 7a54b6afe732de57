using System.Globalization;

namespace FlussLake.Lake.Paimon;

/// <summary>Reads the metadata files of one table, and says what is wrong with those that cannot be read.</summary>
internal sealed class PaimonTable
{
    private readonly ILakeStorage _storage;
    private readonly MetadataCache _cache;

    internal PaimonTable(ILakeStorage storage, MetadataCache cache, string root)
    {
        _storage = storage;
        _cache = cache;
        Root = root;
    }

    internal string Root { get; }

    /// <summary>The snapshot of that id, or that of a tag which keeps it. Ids are used again after a rollback, so nothing is kept.</summary>
    internal async ValueTask<PaimonSnapshot> SnapshotAsync(long id, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Root}/snapshot/snapshot-{id}");
        if (await TryReadAsync(path, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            PaimonSnapshot snapshot = PaimonSnapshot.Parse(path, bytes);
            return snapshot.Id == id ? snapshot : throw LakeErrors.Damaged(path, $"it says that it is snapshot {snapshot.Id}");
        }

        if (!await FolderExistsAsync(cancellationToken).ConfigureAwait(false)) throw LakeErrors.TableNotFound(Root);
        return await TaggedSnapshotAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest schema's id. A table's folder can be dropped and made anew, so this is asked each time.</summary>
    internal async ValueTask<long> LatestSchemaIdAsync(CancellationToken cancellationToken)
    {
        long latest = -1;
        foreach (string name in await ListAsync(Root + "/schema", cancellationToken).ConfigureAwait(false))
        {
            if (name.StartsWith("schema-", StringComparison.Ordinal)
                && long.TryParse(name.AsSpan("schema-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            {
                latest = Math.Max(latest, id);
            }
        }

        return latest >= 0 ? latest : throw LakeErrors.NoSchema(Root);
    }

    internal async ValueTask<PaimonTableSchema> SchemaAsync(long id, string referredBy, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Root}/schema/schema-{id}");
        return PaimonTableSchema.Parse(path, await ReadAsync(path, referredBy, null, cancellationToken).ConfigureAwait(false), id);
    }

    internal ValueTask<IReadOnlyList<PaimonManifestListEntry>> ManifestListAsync(string name, long? size, long snapshotId, CancellationToken cancellationToken) =>
        CachedAsync(name, size, $"snapshot {snapshotId}", PaimonManifestListEntry.Parse, list => 160L * list.Count, cancellationToken);

    internal async ValueTask<PaimonManifest> ManifestAsync(PaimonManifestListEntry listed, string list, CancellationToken cancellationToken)
    {
        PaimonManifest manifest = await CachedAsync(
            listed.FileName, listed.FileSize, $"the manifest list '{list}'", PaimonManifestDecoder.Parse, m => m.MemorySize, cancellationToken).ConfigureAwait(false);

        // Whole blocks missing at the end would go unnoticed otherwise, and with them rows.
        int added = manifest.Entries.Count(entry => entry.IsAdd);
        if (added != listed.AddedFiles || manifest.Entries.Count - added != listed.DeletedFiles)
        {
            throw LakeErrors.Damaged(
                Path(listed.FileName),
                $"it has {added} added and {manifest.Entries.Count - added} deleted files, its list '{list}' says {listed.AddedFiles} and {listed.DeletedFiles}");
        }

        return manifest;
    }

    internal ValueTask<IReadOnlyList<PaimonDeletionEntry>> IndexManifestAsync(string name, long snapshotId, CancellationToken cancellationToken) =>
        CachedAsync(name, null, $"snapshot {snapshotId}", PaimonIndexManifestDecoder.Parse, list => 250L * list.Count, cancellationToken);

    private async ValueTask<PaimonSnapshot> TaggedSnapshotAsync(long id, CancellationToken cancellationToken)
    {
        LakeException? damaged = null;
        foreach (string name in await ListAsync(Root + "/tag", cancellationToken).ConfigureAwait(false))
        {
            if (!name.StartsWith("tag-", StringComparison.Ordinal)) continue;
            string path = $"{Root}/tag/{name}";
            if (await TryReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } bytes) continue;
            try
            {
                PaimonSnapshot snapshot = PaimonSnapshot.Parse(path, bytes);
                if (snapshot.Id == id) return snapshot;
            }
            catch (LakeException e)
            {
                // It matters only if no other tag has the snapshot.
                damaged ??= e;
            }
        }

        throw LakeErrors.SnapshotNotFound(Root, id, damaged);
    }

    private string Path(string name) => $"{Root}/manifest/{name}";

    private async ValueTask<T> CachedAsync<T>(
        string name, long? size, string referredBy, Func<string, byte[], CancellationToken, T> parse, Func<T, long> memory, CancellationToken cancellationToken)
        where T : class
    {
        // Names hold a UUID: the same name is the same content.
        string path = Path(name);
        if (_cache.Find<T>(path) is { } known) return known;
        byte[] bytes = await ReadAsync(path, referredBy, size, cancellationToken).ConfigureAwait(false);
        T value = parse(path, bytes, cancellationToken);
        _cache.Add(path, value, memory(value));
        return value;
    }

    private async ValueTask<byte[]> ReadAsync(string path, string referredBy, long? size, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            byte[] bytes = await _storage.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return size is null || bytes.Length == size ? bytes : throw LakeErrors.Damaged(path, $"it has {bytes.Length} bytes, {referredBy} says {size}");
        }
        catch (FileNotFoundException e)
        {
            throw LakeErrors.FileNotFound(path, referredBy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Unreadable(path, e);
        }
    }

    private async ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _storage.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Unreadable(path, e);
        }
    }

    private async ValueTask<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await _storage.ListAsync(folder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Unreadable(folder, e);
        }
    }

    private async ValueTask<bool> FolderExistsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _storage.FolderExistsAsync(Root, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Unreadable(Root, e);
        }
    }
}
