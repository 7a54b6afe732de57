using System.Buffers.Binary;

namespace FlussLake.Client.Tests.Log.Rows;

/// <summary>Makes batches of rows.</summary>
internal static class RowBatches
{
    private const int HeaderSize = 48;

    /// <summary>An append-only batch at offset 0 with the given records section.</summary>
    public static byte[] Of(ReadOnlySpan<byte> records, int count)
    {
        byte[] batch = new byte[HeaderSize + records.Length];
        BinaryPrimitives.WriteInt16LittleEndian(batch.AsSpan(25), 1);
        batch[27] = 1;
        batch.AsSpan(32, 12).Fill(0xFF);
        records.CopyTo(batch.AsSpan(HeaderSize));
        return Sized(batch, count);
    }

    /// <summary>An append-only batch of rows.</summary>
    public static byte[] Of(params byte[][] rows)
    {
        List<byte> records = [];
        foreach (byte[] row in rows)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, row.Length + 1);
            records.AddRange([.. length, 0, .. row]);
        }

        return Of([.. records], rows.Length);
    }

    /// <summary>A batch with the records of another one, many times.</summary>
    public static byte[] Repeat(byte[] batch, int times)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(batch.AsSpan(44));
        byte[] records = batch[HeaderSize..];
        byte[] repeated = [.. batch[..HeaderSize], .. Enumerable.Repeat(records, times).SelectMany(bytes => bytes)];
        return Sized(repeated, count * times);
    }

    private static byte[] Sized(byte[] batch, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(28), Math.Max(count - 1, 0));
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(44), count);
        return batch;
    }
}
