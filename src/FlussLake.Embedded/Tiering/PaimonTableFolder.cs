using System.Globalization;
using FlussLake.Client;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>The folder of one Paimon table on this machine's disk, and what is read from it. Everything is done on the calling thread.</summary>
internal sealed class PaimonTableFolder
{
    // Every round reads the manifests again to number its rows; their names are never used twice.
    private static readonly MetadataCache s_cache = new(16L << 20);
    private readonly PaimonTable _table;

    public PaimonTableFolder(string warehouse, TablePath path)
    {
        LocalLakeStorage storage = new();
        Database = Path.Combine(storage.Resolve(warehouse), path.Database + ".db");
        Root = Path.Combine(Database, path.Table);
        _table = new PaimonTable(storage, s_cache, Root);
    }

    /// <summary>The folder of the table's database.</summary>
    public string Database { get; }

    public string Root { get; }

    public string ManifestFolder => Path.Combine(Root, "manifest");

    public string SchemaFolder => Path.Combine(Root, "schema");

    public string SnapshotFolder => Path.Combine(Root, "snapshot");

    public bool Exists => Numbers(SchemaFolder, "schema-").Any();

    /// <summary>The newest schema.</summary>
    public PaimonTableSchema LatestSchema()
    {
        long id = Numbers(SchemaFolder, "schema-").Max();
        return Result(_table.SchemaAsync(id, "the schema folder", CancellationToken.None));
    }

    public byte[] SchemaBytes(long id) => File.ReadAllBytes(SchemaPath(id));

    public string SchemaPath(long id) => Path.Combine(SchemaFolder, string.Create(CultureInfo.InvariantCulture, $"schema-{id}"));

    public string SnapshotPath(long id) => Path.Combine(SnapshotFolder, string.Create(CultureInfo.InvariantCulture, $"snapshot-{id}"));

    /// <summary>The ids of the snapshots that are there, the newest first. The folder is listed: its hints may be old.</summary>
    public IEnumerable<long> SnapshotIds() => Numbers(SnapshotFolder, "snapshot-").OrderDescending();

    /// <summary>A snapshot, or null where it is not there any more.</summary>
    public (PaimonSnapshot Snapshot, byte[] Bytes)? TryReadSnapshot(long id)
    {
        string path = SnapshotPath(id);
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return (PaimonSnapshot.Parse(path, bytes), bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The files that are live in a snapshot.</summary>
    public List<PaimonManifestEntry> LiveFiles(PaimonSnapshot snapshot) => Result(PaimonPlanner.LiveFilesAsync(_table, snapshot, CancellationToken.None));

    /// <summary>The bytes of a manifest list, which was read through once.</summary>
    public byte[] ManifestList(string name, long? size, long snapshotId)
    {
        Result(_table.ManifestListAsync(name, size, snapshotId, CancellationToken.None));
        return ReadMetadata(name, $"snapshot {snapshotId}");
    }

    /// <summary>The bytes of a manifest, which was read through once.</summary>
    public byte[] Manifest(PaimonManifestListEntry listed)
    {
        Result(_table.ManifestAsync(listed, "the newest snapshot's", CancellationToken.None));
        return ReadMetadata(listed.FileName, "a manifest list");
    }

    private byte[] ReadMetadata(string name, string referredBy)
    {
        string path = Path.Combine(ManifestFolder, name);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException e)
        {
            throw LakeErrors.FileNotFound(path, referredBy, e);
        }
    }

    private static IEnumerable<long> Numbers(string folder, string prefix)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(folder, prefix + "*"))
        {
            if (long.TryParse(Path.GetFileName(file).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                yield return number;
            }
        }
    }

    /// <summary>Local storage has finished when it returns.</summary>
    private static T Result<T>(ValueTask<T> finished) => finished.AsTask().GetAwaiter().GetResult();
}
