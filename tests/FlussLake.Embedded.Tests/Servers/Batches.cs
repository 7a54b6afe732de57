using System.Buffers.Binary;
using System.Text;

using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>Log batches of the table (id BIGINT NOT NULL, note STRING), as a writer sends them: not compressed, each note being <c>n</c> and the id.</summary>
internal static class Batches
{
    private const int HeaderSize = 48;

    public static byte[] Of(long firstId, int rows, long writerId = -1, int sequence = -1, short schemaId = 1)
    {
        using MemoryStream body = new();
        List<(long Start, long Length)> buffers = [];
        Add(body, buffers, []);
        Add(body, buffers, Ids(firstId, rows));
        (byte[] offsets, byte[] text) = Notes(firstId, rows);
        Add(body, buffers, []);
        Add(body, buffers, offsets);
        Add(body, buffers, text);
        byte[] metadata = RecordBatchMetadata.Write(rows, [new FieldNode(rows, 0), new FieldNode(rows, 0)], [.. buffers], BodyCodec.None, body.Length);
        return Frame([.. metadata, .. body.ToArray()], rows, writerId, sequence, schemaId);
    }

    /// <summary>A batch without rows, which takes one offset.</summary>
    public static byte[] Empty()
    {
        byte[] batch = Frame([], 0, -1, -1, 1);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(28), 0);
        return Seal(batch);
    }

    /// <summary>A batch whose CRC is right and whose records are noise.</summary>
    public static byte[] Noise(int seed, int rows)
    {
        byte[] batch = Of(0, rows);
        Random random = new(seed);
        for (int i = 0; i < 1 + (seed % 8); i++)
        {
            batch[random.Next(HeaderSize, batch.Length)] = (byte)random.Next(256);
        }

        return Seal(batch);
    }

    /// <summary>The batch of the same rows with a change type, 0 to 3 in turn, stored for each.</summary>
    public static byte[] OfChanges(long firstId, int rows)
    {
        byte[] plain = Of(firstId, rows);
        byte[] batch = [.. plain[..HeaderSize], .. Enumerable.Range(0, rows).Select(i => (byte)(i % 4)), .. plain[HeaderSize..]];
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        batch[27] = 0;
        return Seal(batch);
    }

    /// <summary>A batch whose header announces change types for a number of records, and that has none.</summary>
    public static byte[] WithChangeTypes(int rows)
    {
        byte[] batch = Of(0, 1);
        batch[27] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(28), rows - 1);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(44), rows);
        return Seal(batch);
    }

    private static byte[] Seal(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(21), Crc32C.Compute(batch.AsSpan(25)));
        return batch;
    }

    /// <summary>The ids of a batch's rows; works for projections that start with the id, too.</summary>
    public static IEnumerable<long> ReadIds(ReadOnlyMemory<byte> batch, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            RecordBatchMessage message = RecordBatchMessage.Parse(batch.Span[HeaderSize..]);
            yield return BinaryPrimitives.ReadInt64LittleEndian(message.Body[(message.Buffer(1).Start + (i * 8))..]);
        }
    }

    /// <summary>The notes of a batch that was projected to the note alone.</summary>
    public static string[] ReadProjectedNotes(ReadOnlySpan<byte> batch)
    {
        RecordBatchMessage message = RecordBatchMessage.Parse(batch[HeaderSize..]);
        Assert.Equal((1, 3), (message.NodeCount, message.BufferCount));
        ReadOnlySpan<byte> offsets = message.Body[message.Buffer(1).Start..];
        string[] notes = new string[message.RowCount];
        for (int i = 0; i < notes.Length; i++)
        {
            int start = BinaryPrimitives.ReadInt32LittleEndian(offsets[(i * 4)..]);
            int end = BinaryPrimitives.ReadInt32LittleEndian(offsets[((i * 4) + 4)..]);
            notes[i] = Encoding.UTF8.GetString(message.Body[(message.Buffer(2).Start + start)..(message.Buffer(2).Start + end)]);
        }

        return notes;
    }

    private static byte[] Ids(long firstId, int rows)
    {
        byte[] ids = new byte[rows * 8];
        for (int i = 0; i < rows; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(ids.AsSpan(i * 8), firstId + i);
        }

        return ids;
    }

    private static (byte[] Offsets, byte[] Text) Notes(long firstId, int rows)
    {
        byte[] offsets = new byte[(rows + 1) * 4];
        StringBuilder text = new();
        for (int i = 0; i < rows; i++)
        {
            text.Append('n').Append(firstId + i);
            BinaryPrimitives.WriteInt32LittleEndian(offsets.AsSpan((i + 1) * 4), text.Length);
        }

        return (offsets, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Add(MemoryStream body, List<(long Start, long Length)> buffers, byte[] bytes)
    {
        buffers.Add((body.Length, bytes.Length));
        body.Write(bytes);
        body.Write(new byte[-bytes.Length & 7]);
    }

    private static byte[] Frame(byte[] message, int rows, long writerId, int sequence, short schemaId)
    {
        byte[] batch = new byte[HeaderSize + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt16LittleEndian(batch.AsSpan(25), schemaId);
        batch[27] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(28), rows - 1);
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(32), writerId);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(40), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(44), rows);
        message.CopyTo(batch.AsSpan(HeaderSize));
        return Seal(batch);
    }
}
