namespace FlussLake.Lake.Paimon;

/// <summary>Turns the live files of a table without a primary key into files to read: all of them, each as it is.</summary>
internal static class PaimonAppendScan
{
    /// <summary>The bucket of files that wait for a bucket; no batch reader shows them.</summary>
    private const int PostponeBucket = -2;

    internal static List<LakeFile> Files(
        ILakeStorage storage, string table, PaimonSnapshot snapshot, LakeSchema schema, PaimonOptions options, List<PaimonManifestEntry> live)
    {
        PaimonPartitions partitions = new(table, schema, options);
        string dataRoot = options.DataFolder.Length == 0 ? table : $"{table}/{options.DataFolder}";
        List<LakeFile> files = new(live.Count);
        Int128 rows = 0;
        foreach (PaimonManifestEntry entry in live)
        {
            rows += entry.RowCount;
            if (entry.Bucket == PostponeBucket) continue;
            PaimonPartition partition = partitions.Get(entry.Partition);
            files.Add(new LakeFile
            {
                Path = PathOf(storage, dataRoot, entry, partition),
                SchemaId = entry.SchemaId,
                Bucket = entry.Bucket,
                RowCount = entry.RowCount,
                SizeInBytes = entry.FileSize,
                Partition = entry.Partition,
                PartitionValues = partition.Values,
                Level = entry.Level,
                MinSequenceNumber = entry.MinSequenceNumber,
            });
            Check(table, snapshot, entry, files[^1].Path);
        }

        // The writer's own count of rows: whatever went missing on the way here shows.
        if (snapshot.TotalRecordCount is { } total && total != rows)
            throw LakeErrors.Inconsistent(table, snapshot.Id, $"its live files hold {rows} rows, the snapshot says {total}");
        return files;
    }

    private static string PathOf(ILakeStorage storage, string dataRoot, PaimonManifestEntry entry, PaimonPartition partition)
    {
        if (entry.ExternalPath is { } external) return storage.Resolve(external);
        string folder = partition.Folder.Length == 0 ? dataRoot : $"{dataRoot}/{partition.Folder}";
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{folder}/bucket-{entry.Bucket}/{entry.FileName}");
    }

    private static void Check(string table, PaimonSnapshot snapshot, PaimonManifestEntry entry, string path)
    {
        if (entry.Bucket < 0) throw LakeErrors.Inconsistent(table, snapshot.Id, $"the file '{entry.FileName}' is in the bucket {entry.Bucket}");
        if (!path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw LakeErrors.FileNotSupported(
                path, $"its format is '{Path.GetExtension(path).TrimStart('.')}'", "Only Parquet files are read: set the table option 'file.format' to parquet and rewrite the table.");
        }

        if (entry.HasWriteColumns)
            throw LakeErrors.FileNotSupported(path, "it holds only some of its table's columns (_WRITE_COLS)", "Tables with data evolution are not supported.");
        if (entry.DeleteRowCount > 0)
            throw LakeErrors.FileNotSupported(path, $"{entry.DeleteRowCount} of its rows take others back (_DELETE_ROW_COUNT)", "A table without a primary key has no such rows.");
    }
}
