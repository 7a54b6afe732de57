using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Columns;

namespace FlussLake.Client.Write;

/// <summary>
/// Turns rows into one ARROW log batch of magic 0: rows are appended, then the batch is encoded, any number of times, and after <see cref="Reset"/> the next one begins
/// in the same memory. One instance belongs to one thread at a time.
/// </summary>
internal sealed class LogBatchEncoder : IDisposable
{
    private const int HeaderSize = 48;

    private readonly TablePath _table;
    private readonly TableSchema _schema;
    private readonly BodyCodec _codec;
    private readonly ColumnWriter[] _columns;
    private readonly BodyWriter _body;
    private readonly int _metadataSize;
    private readonly int _bufferCount;
    private bool _disposed;

    /// <summary>Creates an encoder of batches of one schema version.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="schema">The schema version.</param>
    /// <param name="codec">The table's codec: another one would break the server's projection.</param>
    /// <param name="zstdLevel">The table's compression level for <see cref="BodyCodec.Zstd"/>.</param>
    /// <exception cref="FlussException">The schema has a type that cannot be written.</exception>
    public LogBatchEncoder(TablePath table, TableSchema schema, BodyCodec codec, int zstdLevel)
    {
        _table = table;
        _schema = schema;
        _codec = codec;
        _columns = ColumnWriters.Create(table, schema.Columns);
        _body = new BodyWriter(codec, zstdLevel);
        (_metadataSize, _bufferCount) = Measure();
    }

    /// <summary>The number of rows of the batch.</summary>
    public int RowCount { get; private set; }

    /// <summary>The size of the batch in bytes before compression.</summary>
    public long EstimatedBytes
    {
        get
        {
            long bytes = HeaderSize + _metadataSize + ((long)_bufferCount * 4);
            foreach (ColumnWriter column in _columns)
            {
                bytes += column.ValueBytes;
            }

            return bytes + ((long)RowCount * _columns.Length / 8);
        }
    }

    /// <summary>Appends a row.</summary>
    /// <param name="row">The row; nothing of it is kept.</param>
    /// <exception cref="ArgumentException">A column cannot hold its value: the message names both. The batch is as it was before the call.</exception>
    public void Append(FlussRow row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            ColumnWriter[] columns = _columns;
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i].Append(row, i);
            }

            RowCount++;
        }
        catch
        {
            Truncate(RowCount);
            throw;
        }
    }

    /// <summary>Drops the last row.</summary>
    public void TakeBack() => Truncate(RowCount - 1);

    /// <summary>Encodes the rows so far, of which there must be at least one. The rows stay.</summary>
    /// <param name="writerId">The writer's id; -1 for a batch that is not idempotent.</param>
    /// <param name="batchSequence">The writer's batch number in the bucket; -1 for a batch that is not idempotent.</param>
    /// <returns>The batch, which the caller disposes.</returns>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <exception cref="FlussException">The batch would take more than 2 GiB.</exception>
    public EncodedLogBatch Encode(long writerId, int batchSequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (RowCount == 0)
        {
            throw new InvalidOperationException($"There are no rows for table {_table} to encode.");
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(LargestSize());
        try
        {
            int length = Encode(bytes);
            EncodedLogBatch.Stamp(bytes.AsSpan(0, length), writerId, batchSequence);
            return new EncodedLogBatch(bytes, length, RowCount);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>Drops the rows and keeps the memory for the next ones.</summary>
    public void Reset() => Truncate(0);

    public void Dispose() => _disposed = true;

    private int Encode(byte[] bytes)
    {
        int bodyStart = HeaderSize + _metadataSize;
        _body.Start(bytes, bodyStart);
        try
        {
            foreach (ColumnWriter column in _columns)
            {
                column.Write(_body);
            }
        }
        finally
        {
            _body.End();
        }

        byte[] metadata = RecordBatchMetadata.Write(
            RowCount, CollectionsMarshal.AsSpan(_body.Nodes), CollectionsMarshal.AsSpan(_body.Buffers), _codec, _body.BodyLength);
        if (metadata.Length != _metadataSize)
        {
            throw new InvalidOperationException($"The metadata of a batch for table {_table} has {metadata.Length} bytes, not {_metadataSize}.");
        }

        metadata.CopyTo(bytes, HeaderSize);
        int length = bodyStart + _body.BodyLength;

        // Base offset and commit timestamp are the leader's to write.
        Span<byte> header = bytes.AsSpan(0, HeaderSize);
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], length - 12);
        BinaryPrimitives.WriteInt16LittleEndian(header[25..], checked((short)_schema.SchemaId));
        header[27] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], RowCount - 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[44..], RowCount);
        return length;
    }

    private int LargestSize()
    {
        long bytes = HeaderSize + _metadataSize + _body.Measure(_columns);
        return bytes <= Array.MaxLength
            ? (int)bytes
            : throw new FlussException($"A batch of {RowCount} rows for table {_table} would take {bytes} bytes: append fewer rows before it is sent.", FlussErrorCode.RecordTooLarge);
    }

    private void Truncate(int rows)
    {
        foreach (ColumnWriter column in _columns)
        {
            column.Truncate(rows);
        }

        RowCount = rows;
    }

    /// <summary>The size of the metadata depends on the schema alone: as long as rows and body are not empty, no field is left out.</summary>
    private (int MetadataSize, int BufferCount) Measure()
    {
        _body.Measure(_columns);
        int size = RecordBatchMetadata.Write(1, CollectionsMarshal.AsSpan(_body.Nodes), CollectionsMarshal.AsSpan(_body.Buffers), _codec, 8).Length;
        return (size, _body.Buffers.Count);
    }
}
