using System.Buffers.Binary;

namespace FlussLake.Client.Log;

/// <summary>
/// The header of one log record batch. Layouts: magic 0 (48 bytes), 1 (52 bytes and statistics) and 2 (56 bytes and statistics); all fields little endian.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/record/LogRecordBatchFormat.java</c>.
/// </summary>
public readonly record struct LogBatchHeader
{
    /// <summary>The number of bytes at the start of a batch that are needed to know its size and magic.</summary>
    public const int PreambleSize = 13;

    /// <summary>The offset of the batch's first record.</summary>
    public long BaseOffset { get; private init; }

    /// <summary>The size of the whole batch in bytes, header included.</summary>
    public int SizeInBytes { get; private init; }

    /// <summary>The layout's version: 0, 1 or 2.</summary>
    public byte Magic { get; private init; }

    /// <summary>When the leader committed the batch, in milliseconds since the epoch.</summary>
    public long CommitTimestamp { get; private init; }

    /// <summary>The CRC-32C of the bytes from the schema id to the end of the batch. Answers to projected fetches carry the CRC of the unprojected batch.</summary>
    public uint Crc { get; private init; }

    /// <summary>The position of the first byte that the CRC covers.</summary>
    public int CrcStart { get; private init; }

    /// <summary>The version of the schema that the records were written with.</summary>
    public short SchemaId { get; private init; }

    /// <summary>Whether every record is an append, so that no change types are stored.</summary>
    public bool IsAppendOnly { get; private init; }

    /// <summary>The offset of the last record minus <see cref="BaseOffset"/>.</summary>
    public int LastOffsetDelta { get; private init; }

    /// <summary>The id of the writer, or -1.</summary>
    public long WriterId { get; private init; }

    /// <summary>The writer's batch number in the bucket, or -1.</summary>
    public int BatchSequence { get; private init; }

    /// <summary>The number of records; 0 for an empty batch, which still consumes one offset.</summary>
    public int RecordCount { get; private init; }

    /// <summary>The position of the first byte after header and statistics.</summary>
    public int RecordsStart { get; private init; }

    /// <summary>The offset that follows the batch: where reading goes on, also after an empty batch.</summary>
    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    /// <summary>
    /// Reads the header at the start of <paramref name="bytes"/>. Returns false where the bytes end before the batch does (the server may cut the last batch of an answer).
    /// </summary>
    /// <param name="bytes">Bytes that start with a batch.</param>
    /// <param name="header">The header.</param>
    /// <returns>True where the whole batch is there.</returns>
    /// <exception cref="FlussException">The bytes are no log batch: unknown magic, or lengths and counts that contradict each other.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LogBatchHeader header)
    {
        header = default;
        if (bytes.Length < PreambleSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        byte magic = bytes[12];
        (int crcStart, int headerSize) = magic switch
        {
            0 => (25, 48),
            1 => (25, 52),
            2 => (29, 56),
            _ => throw Corrupt($"magic {magic} is not one of 0, 1 and 2"),
        };
        if (length < headerSize - 12 || length > int.MaxValue - 12)
        {
            throw Corrupt($"a length of {length} bytes is not possible for magic {magic}");
        }

        int size = length + 12;
        if (bytes.Length < size)
        {
            return false;
        }

        int recordsStart = headerSize;
        if (magic > 0)
        {
            int statistics = BinaryPrimitives.ReadInt32LittleEndian(bytes[(headerSize - 4)..]);
            if (statistics < 0 || statistics > size - headerSize)
            {
                throw Corrupt($"a statistics length of {statistics} bytes does not fit into a batch of {size}");
            }

            recordsStart += statistics;
        }

        ReadOnlySpan<byte> body = bytes[crcStart..];
        header = new LogBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes),
            SizeInBytes = size,
            Magic = magic,
            CommitTimestamp = BinaryPrimitives.ReadInt64LittleEndian(bytes[13..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(crcStart - 4)..]),
            CrcStart = crcStart,
            SchemaId = BinaryPrimitives.ReadInt16LittleEndian(body),
            IsAppendOnly = (body[2] & 1) != 0,
            LastOffsetDelta = BinaryPrimitives.ReadInt32LittleEndian(body[3..]),
            WriterId = BinaryPrimitives.ReadInt64LittleEndian(body[7..]),
            BatchSequence = BinaryPrimitives.ReadInt32LittleEndian(body[15..]),
            RecordCount = BinaryPrimitives.ReadInt32LittleEndian(body[19..]),
            RecordsStart = recordsStart,
        };
        if (header.RecordCount < 0 || header.LastOffsetDelta < 0 || header.RecordCount > (long)header.LastOffsetDelta + 1 || header.BaseOffset < 0
            || header.BaseOffset > long.MaxValue - int.MaxValue - 1L)
        {
            throw Corrupt($"base offset {header.BaseOffset}, last offset delta {header.LastOffsetDelta} and {header.RecordCount} records contradict each other");
        }

        return true;
    }

    private static FlussException Corrupt(string what) => new($"Corrupt log batch: {what}.", FlussErrorCode.CorruptRecord);
}
