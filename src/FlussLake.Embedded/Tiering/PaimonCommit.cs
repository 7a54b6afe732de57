using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Avro.Generic;
using FlussLake.Embedded.Tiering.Manifests;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>Makes data files visible: writes a manifest, the manifest lists and the snapshot on top of whatever snapshot is the newest.</summary>
internal sealed class PaimonCommit(PaimonTableFolder folder, PartitionKeys keys, int totalBuckets, IReadOnlyList<PaimonDataFile> files)
{
    private const int Attempts = 100;

    /// <summary>Commits.</summary>
    /// <param name="properties">What is noted with the snapshot.</param>
    /// <param name="onCommitted">Is called as soon as the snapshot is there, whatever fails afterwards.</param>
    /// <returns>The snapshot's id.</returns>
    public long Run(IReadOnlyDictionary<string, string> properties, Action onCommitted)
    {
        Directory.CreateDirectory(folder.ManifestFolder);
        Directory.CreateDirectory(folder.SnapshotFolder);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long latest = folder.SnapshotIds().FirstOrDefault();
            (PaimonSnapshot Snapshot, byte[] Bytes)? before = null;
            if (latest > 0)
            {
                before = folder.TryReadSnapshot(latest);
                if (before is null)
                {
                    // It went away in between, as when a table is rolled back.
                    continue;
                }
            }

            if (TryCommit(latest + 1, before, properties))
            {
                onCommitted();
                WriteHint(latest + 1);
                return latest + 1;
            }
        }

        throw TieringErrors.Contended(folder.Root, Attempts);
    }

    private bool TryCommit(long id, (PaimonSnapshot Snapshot, byte[] Bytes)? before, IReadOnlyDictionary<string, string> properties)
    {
        List<string> written = [];
        bool committed = false;
        try
        {
            List<PaimonManifestEntry>? live = before is { } b && (totalBuckets > 0 || b.Snapshot.TotalRecordCount is null) ? folder.LiveFiles(b.Snapshot) : null;
            AvroRecords manifest = new(ManifestSchemas.Manifest);
            foreach ((PaimonDataFile file, long firstSequence) in SequenceNumbers.Assign(files, totalBuckets > 0 ? live : null))
            {
                manifest.Add(ManifestRecords.Entry(file, totalBuckets, firstSequence));
            }

            (string Name, long Size) added = Write($"manifest-{Guid.NewGuid()}-0", manifest, written);
            string lists = $"manifest-list-{Guid.NewGuid()}";
            AvroRecords baseList = new(ManifestSchemas.ManifestList);
            if (before is { Snapshot: { } snapshot })
            {
                Carry(baseList, snapshot.BaseManifestList, snapshot.BaseManifestListSize, snapshot.Id);
                Carry(baseList, snapshot.DeltaManifestList, snapshot.DeltaManifestListSize, snapshot.Id);
                baseList = new ManifestMerge(keys).Merge(baseList, Manifest, merged => Write($"manifest-{Guid.NewGuid()}-0", merged, written));
            }

            AvroRecords deltaList = new(ManifestSchemas.ManifestList);
            deltaList.Add(ManifestRecords.Listed(added.Name, added.Size, files, keys));
            JsonObject json = PaimonSnapshotJson.Next(
                id, folder.LatestSchema().Schema.Id, Write(lists + "-0", baseList, written), Write(lists + "-1", deltaList, written), properties);
            PaimonSnapshotJson.CarryOver(
                before is null ? "" : folder.SnapshotPath(before.Value.Snapshot.Id), json, before?.Bytes, before is null ? 0 : before.Value.Snapshot.TotalRecordCount ?? live!.Sum(entry => entry.RowCount), files.Sum(file => file.RowCount));
            committed = TryCreate(id, PaimonSchemaJson.Write(json));
            return committed;
        }
        catch (LakeException e) when (e.Kind == LakeErrorKind.FileNotFound && before is not null && !File.Exists(folder.SnapshotPath(before.Value.Snapshot.Id)))
        {
            // What the snapshot names was removed together with it.
            return false;
        }
        finally
        {
            if (!committed)
            {
                written.ForEach(AtomicFile.Discard);
            }
        }
    }

    /// <summary>Makes the snapshot appear, unless one of that id is there.</summary>
    private bool TryCreate(long id, byte[] json)
    {
        string path = folder.SnapshotPath(id);
        try
        {
            return AtomicFile.TryCreate(path, json) || IsOurs(path, json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (IsOurs(path, json))
            {
                return true;
            }

            throw;
        }
    }

    /// <summary>Whether the snapshot is the one that was to appear: a network file system may say that it failed although it did not. Names in it are unique.</summary>
    private static bool IsOurs(string path, byte[] json) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(json);

    /// <summary>Readers look for newer snapshots by themselves: without the hint they only take longer.</summary>
    private void WriteHint(long id)
    {
        try
        {
            AtomicFile.Replace(Path.Combine(folder.SnapshotFolder, "LATEST"), Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The rows are visible: to fail now would have them written again.
        }
    }

    private void Carry(AvroRecords target, string list, long? size, long snapshotId) =>
        target.Carry(Path.Combine(folder.ManifestFolder, list), folder.ManifestList(list, size, snapshotId));

    private byte[] Manifest(GenericRecord listed) => folder.Manifest(new PaimonManifestListEntry(
        (string)listed["_FILE_NAME"], (long)listed["_FILE_SIZE"], (long)listed["_NUM_ADDED_FILES"], (long)listed["_NUM_DELETED_FILES"]));

    private (string Name, long Size) Write(string name, AvroRecords records, List<string> written)
    {
        byte[] bytes = records.ToFile();
        string path = Path.Combine(folder.ManifestFolder, name);
        written.Add(path);
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
        return (name, bytes.Length);
    }
}
