using System.Buffers.Binary;
using System.Runtime.InteropServices;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Catalog;

namespace FlussLake.Embedded.Log;

/// <summary>
/// Cuts columns out of stored batches without decompressing anything: buffers are compressed one by one. Positions count in the schema of each batch.
/// The CRC stays that of the stored batch, as on the real server: clients do not check it on projected answers.
/// </summary>
internal sealed class Projection
{
    private readonly TableEntry _table;
    private readonly int[] _positions;

    private Projection(TableEntry table, int[] positions)
    {
        _table = table;
        _positions = positions;
    }

    /// <exception cref="FlussException">The positions do not ascend, are none, or the table's log is not in the ARROW format.</exception>
    public static Projection Create(TableEntry table, int[] positions)
    {
        if (!table.IsArrowLog)
        {
            throw Invalid(table, "its log is not in the ARROW format");
        }

        if (positions.Length == 0 || positions[0] < 0)
        {
            throw Invalid(table, "at least one position from 0 on is needed");
        }

        for (int i = 1; i < positions.Length; i++)
        {
            if (positions[i] <= positions[i - 1])
            {
                throw Invalid(table, $"the positions {string.Join(", ", positions)} do not ascend");
            }
        }

        return new Projection(table, positions);
    }

    /// <summary>One batch with the projected columns alone. A batch without records stays as it is.</summary>
    /// <exception cref="FlussException">The batch's schema has fewer columns, or the batch is not one of its schema.</exception>
    public byte[] Apply(TableBucket bucket, byte[] batch)
    {
        if (!LogBatchHeader.TryRead(batch, out LogBatchHeader header) || header.RecordsStart == header.SizeInBytes)
        {
            return batch;
        }

        StoredSchema schema = _table.FindSchema(header.SchemaId) ?? throw Unreadable(bucket, header, $"its schema {header.SchemaId} is not known");
        if (_positions[^1] >= schema.Spans.Length)
        {
            throw Invalid(_table, $"position {_positions[^1]} is asked of the {schema.Spans.Length} columns that schema {header.SchemaId} has");
        }

        try
        {
            return Cut(batch, header, schema.Spans);
        }
        catch (BatchFormatException exception)
        {
            throw Unreadable(bucket, header, exception.Message);
        }
    }

    private byte[] Cut(byte[] batch, LogBatchHeader header, ColumnSpan[] spans)
    {
        int changeTypes = header.IsAppendOnly ? 0 : header.RecordCount;
        if (changeTypes > batch.Length - header.RecordsStart)
        {
            throw new BatchFormatException($"{changeTypes} change types do not fit into a batch of {batch.Length} bytes");
        }

        int messageStart = header.RecordsStart + changeTypes;
        RecordBatchMessage message = RecordBatchMessage.Parse(batch.AsSpan(messageStart));
        ColumnSpan last = spans[^1];
        if (message.NodeCount != last.Node + last.NodeCount || message.BufferCount != last.Buffer + last.BufferCount)
        {
            throw new BatchFormatException($"{message.NodeCount} nodes and {message.BufferCount} buffers do not fit the schema");
        }

        List<FieldNode> nodes = [];
        List<(long Start, long Length)> kept = [];
        List<(int Start, int Length)> sources = [];
        long bodyLength = 0;
        foreach (int position in _positions)
        {
            ColumnSpan span = spans[position];
            for (int i = 0; i < span.NodeCount; i++)
            {
                nodes.Add(message.Node(span.Node + i));
            }

            for (int i = 0; i < span.BufferCount; i++)
            {
                (int start, int length) = message.Buffer(span.Buffer + i);
                sources.Add((start, length));
                kept.Add((bodyLength, length));
                bodyLength += (length + 7L) & -8L;
            }
        }

        // Writers lay buffers out one after another: ones that overlap could make a small batch a huge answer.
        if (bodyLength > message.Body.Length + (8L * sources.Count))
        {
            throw new BatchFormatException($"buffers of {bodyLength} bytes overlap in a body of {message.Body.Length}");
        }

        ReadOnlySpan<byte> metadata = RecordBatchMetadata.Write(message.RowCount, CollectionsMarshal.AsSpan(nodes), CollectionsMarshal.AsSpan(kept), message.Codec, bodyLength);
        byte[] projected = new byte[messageStart + metadata.Length + bodyLength];
        batch.AsSpan(0, messageStart).CopyTo(projected);
        BinaryPrimitives.WriteInt32LittleEndian(projected.AsSpan(8), projected.Length - 12);
        metadata.CopyTo(projected.AsSpan(messageStart));
        Span<byte> body = projected.AsSpan(messageStart + metadata.Length);
        for (int i = 0; i < sources.Count; i++)
        {
            message.Body.Slice(sources[i].Start, sources[i].Length).CopyTo(body[(int)kept[i].Start..]);
        }

        return projected;
    }

    private static FlussException Invalid(TableEntry table, string why) =>
        new($"The projection cannot be applied to the log of table {table.Path}: {why}.", FlussErrorCode.InvalidColumnProjection);

    private static FlussException Unreadable(TableBucket bucket, LogBatchHeader header, string why) =>
        new($"The batch at offset {header.BaseOffset} of bucket {LogErrors.Name(bucket)} cannot be projected: {why}.", FlussErrorCode.CorruptRecord);
}
