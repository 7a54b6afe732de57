using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering.Columns;
using FlussLake.Lake;
using ZstdSharp;

namespace FlussLake.Embedded.Tiering;

/// <summary>
/// One round of tiering: takes rows of a log table's buckets, and makes all of them visible in the lake at once, or none. Rows wait in memory, column by column, and
/// go into files of about <see cref="FileBytes"/>. One instance belongs to one thread at a time; the lake may be committed to by others meanwhile.
/// </summary>
internal sealed class PaimonTieringRound : IDisposable
{
    /// <summary>The bytes of rows, pages compressed, at which those of a bucket go into a file.</summary>
    public const long FileBytes = 64L << 20;

    /// <summary>The bytes in memory, over all buckets, at which the largest goes into a file early.</summary>
    public const long TotalBytes = 256L << 20;

    private readonly TableInfo _table;
    private readonly LogFormat _format;
    private readonly PaimonTarget _target;
    private readonly LogBatchDecoder _decoder = new();
    private readonly Compressor _compressor;
    private readonly Dictionary<int, BatchColumns> _batches = [];
    private readonly Dictionary<(string Partition, int Bucket), PaimonBucketWriter> _buckets = [];
    private readonly List<PaimonDataFile> _files = [];
    private readonly List<string> _paths = [];
    private readonly long _fileBytes;
    private readonly long _totalBytes;
    private long _memorySize;
    private bool _failed;
    private bool _done;

    /// <summary>Begins a round.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    /// <param name="table">The table, with its latest schema.</param>
    /// <param name="fileBytes">The bytes of rows, pages compressed, at which those of a bucket go into a file.</param>
    /// <param name="totalBytes">The bytes in memory, over all buckets, at which the largest goes into a file.</param>
    /// <exception cref="LakeException">The lake table is not there, is damaged, or asks for what is not written here.</exception>
    public PaimonTieringRound(string warehouse, TableInfo table, long fileBytes = FileBytes, long totalBytes = TotalBytes)
    {
        _table = table;
        _format = LogFormats.Of(table) ?? LogFormat.Arrow;
        _fileBytes = fileBytes;
        _totalBytes = totalBytes;
        _target = PaimonTarget.Open(warehouse, table);
        _compressor = new Compressor(1);
    }

    /// <summary>Takes rows of a log batch. Nothing of them can be seen in the lake before <see cref="Commit"/>.</summary>
    /// <param name="bucket">The bucket that the batch lies in.</param>
    /// <param name="partitionName">The name of the bucket's partition, for messages; null for a table without partitions.</param>
    /// <param name="batchSchema">The version of the table's schema that the batch was written with.</param>
    /// <param name="header">The batch's header.</param>
    /// <param name="batch">The bytes of the whole batch; not needed after the call.</param>
    /// <param name="firstRow">The first row to take.</param>
    /// <param name="rowCount">The number of rows to take.</param>
    /// <exception cref="FlussException">The batch is damaged, does not fit the lake table, or holds what the lake table does not allow. The round cannot be committed any more.</exception>
    public void Write(
        TableBucket bucket, string? partitionName, TableSchema batchSchema, in LogBatchHeader header, ReadOnlySpan<byte> batch, int firstRow, int rowCount)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowCount, header.RecordCount - firstRow);
        if (rowCount == 0)
        {
            return;
        }

        // What is missing from a round must not be taken for tiered.
        bool failed = _failed;
        _failed = true;
        if (!header.IsAppendOnly && (_format != LogFormat.Arrow || LogBatchDecoder.ChangeTypes(batch, header).ContainsAnyExcept((byte)0)))
        {
            throw TieringErrors.NotAppendOnly(_table.Path, partitionName, bucket, header.BaseOffset);
        }

        BatchColumns columns = Columns(batchSchema);
        DecodedLogBatch decoded = _decoder.Decode(batch, header, columns.Layout);
        try
        {
            PaimonBucketWriter writer = Bucket(decoded, columns, bucket.Bucket, firstRow);
            RowOrigin origin = new(bucket.Bucket, header.BaseOffset + firstRow, header.CommitTimestamp);
            long before = writer.MemorySize;
            writer.Rows.Add(decoded.Columns, columns.Sources, firstRow, rowCount, origin, _compressor);
            _memorySize += writer.MemorySize - before;
            FlushLarge(writer);
        }
        catch (NotNullException e)
        {
            throw TieringErrors.NullValue(_table.Path, partitionName, bucket, header.BaseOffset, e.Column);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TieringErrors.CannotWrite(_target.Folder.Root, e);
        }
        catch (OverflowException e)
        {
            throw TieringErrors.Value(_table.Path, partitionName, bucket, header.BaseOffset, e);
        }
        finally
        {
            decoded.Release();
        }

        _failed = failed;
    }

    /// <summary>Makes all rows visible in one snapshot, on top of whatever snapshot is the newest, and ends the round.</summary>
    /// <param name="properties">What is noted with the snapshot.</param>
    /// <returns>The snapshot's id; null where no rows were taken, and so no snapshot was made.</returns>
    /// <exception cref="InvalidOperationException">Rows are missing from the round, since a call of <see cref="Write"/> failed; or it was committed before.</exception>
    /// <exception cref="LakeException">The newest snapshot is damaged, somebody else was faster each time, or the disk failed. No row is visible then.</exception>
    public long? Commit(IReadOnlyDictionary<string, string> properties)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        if (_failed)
        {
            throw new InvalidOperationException($"The round of table {_table.Path} lacks rows, since taking them failed, or was committed before. Begin a new one.");
        }

        _failed = true;
        try
        {
            foreach (PaimonBucketWriter bucket in _buckets.Values)
            {
                Flush(bucket);
            }

            if (_files.Count == 0)
            {
                _failed = false;
                return null;
            }

            return new PaimonCommit(_target.Folder, _target.Keys, _target.TotalBuckets, _files).Run(properties, _paths.Clear);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TieringErrors.CannotWrite(_target.Folder.Root, e);
        }
    }

    /// <summary>Ends the round. Without a commit, the files that it wrote are removed.</summary>
    public void Dispose()
    {
        if (_done)
        {
            return;
        }

        _done = true;
        _decoder.Dispose();
        _compressor.Dispose();
        _paths.ForEach(AtomicFile.Discard);
    }

    private BatchColumns Columns(TableSchema schema)
    {
        if (!_batches.TryGetValue(schema.SchemaId, out BatchColumns? columns))
        {
            columns = BatchColumns.Create(_table.Path, _format, _target.Folder.Root, _target.Schema, schema);
            _batches.Add(schema.SchemaId, columns);
        }

        return columns;
    }

    private PaimonBucketWriter Bucket(DecodedLogBatch batch, BatchColumns columns, int bucket, int row)
    {
        PartitionValue?[] values = PartitionKeys.Read(batch.Columns, columns.PartitionKeys, row);
        byte[] partition = _target.Keys.ToRow(values);
        (string, int) key = (Convert.ToHexString(partition), bucket);
        if (!_buckets.TryGetValue(key, out PaimonBucketWriter? writer))
        {
            if (bucket < 0 || bucket >= _table.BucketCount)
            {
                throw new ArgumentOutOfRangeException(nameof(bucket), bucket, $"Table {_table.Path} has {_table.BucketCount} buckets.");
            }

            // Without a bucket key, the lake keeps all rows in bucket 0.
            int lakeBucket = _target.TotalBuckets > 0 ? bucket : 0;
            string folder = _target.BucketFolder(partition, lakeBucket);
            writer = new PaimonBucketWriter(_target.Folder.Root, _target.Schema, folder, new PaimonDataFile
            {
                Path = "",
                SizeInBytes = 0,
                RowCount = 0,
                Bucket = lakeBucket,
                SourceBucket = bucket,
                PartitionValues = values,
                PartitionRow = partition,
                SchemaId = _target.Schema.Id,
                CreationTime = default,
            });
            _buckets.Add(key, writer);
        }

        return writer;
    }

    private void FlushLarge(PaimonBucketWriter written)
    {
        if (written.Size >= _fileBytes)
        {
            Flush(written);
        }

        if (_memorySize >= _totalBytes)
        {
            Flush(_buckets.Values.MaxBy(bucket => bucket.MemorySize)!);
        }
    }

    private void Flush(PaimonBucketWriter bucket)
    {
        _memorySize -= bucket.MemorySize;
        if (bucket.Flush(_compressor, _paths.Add) is { } file)
        {
            _files.Add(file);
        }
    }
}
