using System.Globalization;
using System.Text.Json;

using FlussLake.Client;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.State;

namespace FlussLake.Embedded.Lake;

/// <summary>
/// The lake snapshots of all tables: prepared as a file of offsets, then registered in one transaction of the state. What a crash leaves between the two is a file that nobody names.
/// Source: <c>fluss-server/src/main/java/org/apache/fluss/server/zk/data/lake/LakeTableHelper.java</c>.
/// </summary>
internal sealed class LakeSnapshots(StateStore store, StateWriter writer, TableCatalog catalog, string remoteFolder)
{
    /// <summary>Keeps every snapshot that is known, as <c>earliestToKeep</c> of <see cref="Commit"/>.</summary>
    public const long KeepAll = -1;

    // Files name every bucket up to the last one that is known, so that few buckets could make a huge file.
    private const long MaxOffsets = 4 << 20;

    private readonly Lock _gate = new();

    /// <summary>Writes the offsets of a snapshot that is about to be committed to the lake.</summary>
    /// <param name="path">The table.</param>
    /// <param name="tableId">Its id.</param>
    /// <param name="offsets">The exclusive ends of the buckets that have moved.</param>
    /// <param name="ignorePrevious">Whether the offsets stand alone; otherwise buckets that are not named keep what the last snapshot says of them.</param>
    /// <returns>The file's path.</returns>
    public string Prepare(TablePath path, long tableId, IReadOnlyDictionary<TableBucket, long> offsets, bool ignorePrevious)
    {
        if (catalog.FindById(tableId)?.Path != path)
        {
            throw new FlussException($"There is no table {path} with the id {tableId}.", FlussErrorCode.TableNotExist);
        }

        Dictionary<TableBucket, long> merged = ignorePrevious ? [] : LatestOffsets(tableId);
        foreach ((TableBucket bucket, long offset) in offsets)
        {
            merged[bucket] = offset;
        }

        if (OffsetsFile.Count(merged) > MaxOffsets)
        {
            throw new FlussException($"The offsets of a lake snapshot of table {path} are more than {MaxOffsets} numbers.", FlussErrorCode.RecordTooLarge);
        }

        string folder = Folder(path, tableId);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{Guid.NewGuid()}.offsets");
        Write(file, OffsetsFile.Write(tableId, merged));
        return file;
    }

    /// <summary>Registers a snapshot that the lake has.</summary>
    /// <param name="tableId">The table.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="earliestToKeep">The oldest snapshot that stays known; null for the new one alone, <see cref="KeepAll"/> or an unknown one for all.</param>
    /// <exception cref="FlussException">There is no such table, or a file of the snapshot is not one of offsets that was prepared for the table.</exception>
    public void Commit(long tableId, LakeRegistration snapshot, long? earliestToKeep)
    {
        TableEntry table = catalog.FindById(tableId) ?? throw new FlussException($"There is no table with the id {tableId}.", FlussErrorCode.TableNotExist);
        lock (_gate)
        {
            foreach (string file in Files(snapshot))
            {
                // Later the file is deleted with the snapshot, so it must be the table's own.
                RequireOwn(file, Folder(table.Path, tableId));
                ReadOffsets(file);
            }

            List<LakeRegistration> known = Registered(tableId);
            int discarded = earliestToKeep is { } earliest ? Math.Max(0, known.FindIndex(entry => entry.SnapshotId == earliest)) : known.Count;
            writer.Execute(connection =>
            {
                connection.Run(
                    "DELETE FROM lake_snapshots WHERE position IN (SELECT position FROM lake_snapshots WHERE table_id = $0 ORDER BY position LIMIT $1)", tableId, discarded);
                connection.Run("INSERT INTO lake_snapshots(table_id, snapshot_id, tiered_file, readable_file) VALUES($0, $1, $2, $3)",
                    tableId, snapshot.SnapshotId, snapshot.TieredFile, snapshot.ReadableFile);
            });
            HashSet<string> kept = [.. Registered(tableId).SelectMany(Files)];
            foreach (string file in known.Take(discarded).SelectMany(Files).Where(file => !kept.Contains(file)))
            {
                Delete(file);
            }
        }
    }

    /// <summary>The offsets of a snapshot: of the newest, of the newest that readers may use, or of a given one.</summary>
    /// <returns>The snapshot's id and its offsets, or null where there is none.</returns>
    public (long SnapshotId, IReadOnlyDictionary<TableBucket, long> Offsets)? Find(long tableId, long? snapshotId, bool readable)
    {
        lock (_gate)
        {
            List<LakeRegistration> known = Registered(tableId);
            LakeRegistration? found = readable ? known.FindLast(entry => entry.ReadableFile is not null)
                : snapshotId is { } wanted ? known.Find(entry => entry.SnapshotId == wanted) : known.LastOrDefault();
            return found is null ? null : (found.SnapshotId, ReadOffsets(readable ? found.ReadableFile! : found.TieredFile));
        }
    }

    /// <summary>Removes the folders of tables that are no more. Files of a table that is there stay: one that nobody names yet may be about to be committed.</summary>
    public void Sweep()
    {
        string lake = Path.Combine(remoteFolder, "lake");
        if (!Directory.Exists(lake))
        {
            return;
        }

        foreach (string folder in Directory.GetDirectories(lake).SelectMany(Directory.GetDirectories))
        {
            string name = Path.GetFileName(folder);
            if (long.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), CultureInfo.InvariantCulture, out long tableId) && catalog.FindById(tableId) is null)
            {
                DeleteFolder(folder);
            }
        }
    }

    private Dictionary<TableBucket, long> LatestOffsets(long tableId)
    {
        // A registration meanwhile would remove the file that is read.
        lock (_gate)
        {
            return Registered(tableId) is [.., LakeRegistration last] ? ReadOffsets(last.TieredFile) : [];
        }
    }

    private string Folder(TablePath path, long tableId) => Path.Combine(remoteFolder, "lake", path.Database, $"{path.Table}-{tableId}", "metadata");

    /// <summary>Writes a file to the disk: the lake's snapshot, which names it, may outlive a loss of power.</summary>
    private static void Write(string path, byte[] bytes)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private List<LakeRegistration> Registered(long tableId) => store.Read(connection => connection.Rows(
        "SELECT snapshot_id, tiered_file, readable_file FROM lake_snapshots WHERE table_id = $0 ORDER BY position",
        row => new LakeRegistration(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
        tableId));

    /// <summary>The offsets that a file holds which this server has prepared.</summary>
    /// <exception cref="FlussException">The file is not one of them, or cannot be read.</exception>
    public IReadOnlyDictionary<TableBucket, long> Offsets(string file) => ReadOffsets(file);

    private Dictionary<TableBucket, long> ReadOffsets(string file)
    {
        try
        {
            return OffsetsFile.Read(File.ReadAllBytes(RequireOwn(file, remoteFolder)));
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new FlussException($"The offsets of a lake snapshot cannot be read from {file}: {exception.Message}", FlussErrorCode.StorageFailure, exception);
        }
    }

    private static void DeleteFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What nobody names must not keep a server from starting; the next start tries again.
        }
    }

    private void Delete(string file)
    {
        try
        {
            File.Delete(RequireOwn(file, remoteFolder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FlussException)
        {
            // The file is left over; nothing names it.
        }
    }

    /// <summary>The local path of a file that clients name. Only files that this server wrote are read or deleted.</summary>
    private static string RequireOwn(string file, string folder)
    {
        try
        {
            string path = Path.GetFullPath(file.StartsWith("file:", StringComparison.Ordinal) ? new Uri(file).LocalPath : file);
            if (path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return path;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException or NotSupportedException)
        {
            // No path at all.
        }

        throw new FlussException($"{file} is not a file of offsets that this server has prepared: those are under {folder}.", FlussErrorCode.StorageFailure);
    }

    private static IEnumerable<string> Files(LakeRegistration snapshot) => snapshot.ReadableFile is { } readable ? [snapshot.TieredFile, readable] : [snapshot.TieredFile];
}
