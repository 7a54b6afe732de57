namespace FlussLake.Lake.Paimon;

/// <summary>
/// Plans scans of Apache Paimon tables without a primary key. One instance serves a whole process: it is safe for use by several threads, and keeps manifests
/// (which never change) so that planning a table again reads little more than its snapshot and schemas. It needs no thread of the pool if its storage needs none.
/// </summary>
public sealed class PaimonPlanner : ILakePlanner
{
    /// <summary>The default limit of the memory for decoded manifests: 64 MiB, about 200,000 data files.</summary>
    public const long DefaultCacheBytes = 64L << 20;

    private readonly ILakeStorage _storage;
    private readonly MetadataCache _cache;

    /// <summary>Creates a planner.</summary>
    /// <param name="storage">Where the tables are.</param>
    /// <param name="cacheBytes">About how many bytes of decoded manifests are kept; 0 keeps none.</param>
    public PaimonPlanner(ILakeStorage storage, long cacheBytes = DefaultCacheBytes)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        _storage = storage;
        _cache = new MetadataCache(cacheBytes);
    }

    /// <summary>The bytes of decoded manifests that are kept now.</summary>
    internal long CachedBytes => _cache.Size;

    /// <inheritdoc/>
    public async Task<LakeScan> PlanAsync(string tableRoot, long snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tableRoot);
        PaimonTable table = new(_storage, _cache, _storage.Resolve(tableRoot));
        PaimonSnapshot snapshot = await table.SnapshotAsync(snapshotId, cancellationToken).ConfigureAwait(false);

        // Columns are the snapshot's, options the newest: that is how the lake's own readers travel in time.
        Dictionary<long, PaimonTableSchema> schemas = [];
        long latestId = await table.LatestSchemaIdAsync(cancellationToken).ConfigureAwait(false);
        PaimonTableSchema latest = await SchemaAsync(table, schemas, latestId, "the schema folder", cancellationToken).ConfigureAwait(false);
        PaimonOptions options = PaimonOptions.Read(table.Root, latest.Options);
        LakeSchema schema = (await SchemaAsync(table, schemas, snapshot.SchemaId, $"snapshot {snapshotId}", cancellationToken).ConfigureAwait(false)).Schema;
        if (schema.PrimaryKeys.Count > 0)
        {
            throw LakeErrors.NotSupported(
                table.Root, $"it has the primary key ({string.Join(", ", schema.PrimaryKeys)})", "Lake tables with a primary key are not supported yet; only tables without one are.");
        }

        List<PaimonManifestEntry> live = await LiveFilesAsync(table, snapshot, cancellationToken).ConfigureAwait(false);
        await RefuseDeletionVectorsAsync(table, snapshot, live, cancellationToken).ConfigureAwait(false);
        List<LakeFile> files = PaimonAppendScan.Files(_storage, table.Root, snapshot, schema, options, live);

        Dictionary<long, LakeSchema> fileSchemas = [];
        foreach (LakeFile file in files)
        {
            if (fileSchemas.ContainsKey(file.SchemaId)) continue;
            PaimonTableSchema written = await SchemaAsync(table, schemas, file.SchemaId, $"the file '{file.Path}'", cancellationToken).ConfigureAwait(false);
            fileSchemas.Add(file.SchemaId, written.Schema);
        }

        return new LakeScan { SnapshotId = snapshotId, Schema = schema, Options = latest.Options, Files = files, FileSchemas = fileSchemas };
    }

    private static async ValueTask<PaimonTableSchema> SchemaAsync(
        PaimonTable table, Dictionary<long, PaimonTableSchema> known, long id, string referredBy, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(id, out PaimonTableSchema? schema))
        {
            schema = await table.SchemaAsync(id, referredBy, cancellationToken).ConfigureAwait(false);
            known.Add(id, schema);
        }

        return schema;
    }

    /// <summary>The files that are live in a snapshot, as its manifests say.</summary>
    internal static async ValueTask<List<PaimonManifestEntry>> LiveFilesAsync(PaimonTable table, PaimonSnapshot snapshot, CancellationToken cancellationToken)
    {
        PaimonLiveFiles live = new(table.Root, snapshot.Id);
        (string Name, long? Size)[] lists =
            [(snapshot.BaseManifestList, snapshot.BaseManifestListSize), (snapshot.DeltaManifestList, snapshot.DeltaManifestListSize)];
        foreach ((string name, long? size) in lists)
        {
            foreach (PaimonManifestListEntry listed in await table.ManifestListAsync(name, size, snapshot.Id, cancellationToken).ConfigureAwait(false))
                live.Add(await table.ManifestAsync(listed, name, cancellationToken).ConfigureAwait(false));
        }

        return live.Live();
    }

    private static async ValueTask RefuseDeletionVectorsAsync(
        PaimonTable table, PaimonSnapshot snapshot, List<PaimonManifestEntry> live, CancellationToken cancellationToken)
    {
        if (snapshot.IndexManifest is not { } manifest) return;
        IReadOnlyList<PaimonDeletionEntry> entries = await table.IndexManifestAsync(manifest, snapshot.Id, cancellationToken).ConfigureAwait(false);
        if (entries.Count == 0) return;

        // Vectors may outlive the files that they belong to.
        ILookup<string, PaimonDeletionEntry> byFile = entries.ToLookup(entry => entry.DataFile, StringComparer.Ordinal);
        foreach (PaimonManifestEntry file in live)
        {
            foreach (PaimonDeletionEntry entry in byFile[file.FileName])
            {
                if (entry.Bucket == file.Bucket && entry.Partition.AsSpan().SequenceEqual(file.Partition))
                {
                    throw LakeErrors.NotSupported(
                        table.Root,
                        $"rows of its file '{file.FileName}' are deleted by a deletion vector (index manifest '{manifest}')",
                        "Deletion vectors are not supported yet: compact the table, so that its files no longer have any.");
                }
            }
        }
    }
}
