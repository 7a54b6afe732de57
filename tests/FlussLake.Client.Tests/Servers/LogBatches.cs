using System.Buffers.Binary;

namespace FlussLake.Client.Tests.Servers;

/// <summary>Log batches of magic 0 whose records are opaque bytes.</summary>
internal static class LogBatches
{
    public const int HeaderSize = 48;

    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(value => Shift((uint)value))];

    public static byte[] Batch(long baseOffset, int records, int payload = 64)
    {
        byte[] batch = new byte[HeaderSize + (records == 0 ? 0 : payload)];
        new Random((int)baseOffset).NextBytes(batch.AsSpan(HeaderSize));
        BinaryPrimitives.WriteInt64LittleEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(13), 1_700_000_000_000);
        BinaryPrimitives.WriteInt16LittleEndian(batch.AsSpan(25), 1);
        batch[27] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(28), Math.Max(0, records - 1));
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(32), -1);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(40), -1);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(44), records);
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(21), Crc32C(batch.AsSpan(25)));
        return batch;
    }

    /// <summary>CRC-32C bit by bit, as its definition has it.</summary>
    public static uint SlowCrc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = Shift(crc ^ value);
        }

        return ~crc;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ s_table[(byte)(crc ^ value)];
        }

        return ~crc;
    }

    private static uint Shift(uint crc)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return crc;
    }
}
