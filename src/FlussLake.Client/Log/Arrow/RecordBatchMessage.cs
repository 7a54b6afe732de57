using System.Buffers.Binary;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// One encapsulated Arrow RecordBatch message, read in place: no schema message goes before it and nothing aligns it.
/// Format: <see href="https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format"/> and the Message.fbs that it names.
/// </summary>
internal readonly ref struct RecordBatchMessage
{
    private const int StructSize = 16;
    private const byte RecordBatchHeader = 3;
    private const short MetadataV4 = 3;
    private const short MetadataV5 = 4;

    private readonly ReadOnlySpan<byte> _nodes;
    private readonly ReadOnlySpan<byte> _buffers;

    private RecordBatchMessage(FlatTable batch, ReadOnlySpan<byte> body)
    {
        RowCount = batch.Int64(0, 0);
        _nodes = batch.Vector(1, StructSize);
        _buffers = batch.Vector(2, StructSize);
        Body = body;
        if (batch.TryTable(3, out FlatTable compression))
        {
            byte codec = compression.Byte(0, 0);
            byte method = compression.Byte(1, 0);
            Codec = (codec, method) switch
            {
                (0, 0) => BodyCodec.Lz4Frame,
                (1, 0) => BodyCodec.Zstd,
                _ => throw new BatchFormatException($"compression codec {codec} with method {method} is not known; LZ4_FRAME and ZSTD are", FlussErrorCode.UnsupportedVersion),
            };
        }
    }

    public long RowCount { get; }

    public BodyCodec Codec { get; }

    public ReadOnlySpan<byte> Body { get; }

    public int NodeCount => _nodes.Length / StructSize;

    public int BufferCount => _buffers.Length / StructSize;

    /// <summary>Reads the message at the start of <paramref name="bytes"/>.</summary>
    public static RecordBatchMessage Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != uint.MaxValue)
        {
            throw new BatchFormatException("no Arrow message follows the batch header");
        }

        int metadataLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (metadataLength < 0 || metadataLength > bytes.Length - 8)
        {
            throw new BatchFormatException($"Arrow metadata of {metadataLength} bytes does not fit into the batch");
        }

        FlatTable message = FlatTable.Root(bytes.Slice(8, metadataLength));
        short version = message.Int16(0, 0);
        if (version is not (MetadataV4 or MetadataV5))
        {
            throw new BatchFormatException($"Arrow metadata version V{version + 1} is not supported; V4 and V5 are", FlussErrorCode.UnsupportedVersion);
        }

        if (message.Byte(1, 0) != RecordBatchHeader || !message.TryTable(2, out FlatTable batch))
        {
            throw new BatchFormatException("the Arrow message is not a record batch");
        }

        ReadOnlySpan<byte> rest = bytes[(8 + metadataLength)..];
        long bodyLength = message.Int64(3, 0);
        return bodyLength < 0 || bodyLength > rest.Length
            ? throw new BatchFormatException($"an Arrow body of {bodyLength} bytes does not fit into the batch")
            : new RecordBatchMessage(batch, rest[..(int)bodyLength]);
    }

    public FieldNode Node(int index)
    {
        ReadOnlySpan<byte> node = _nodes.Slice(index * StructSize, StructSize);
        return new FieldNode(BinaryPrimitives.ReadInt64LittleEndian(node), BinaryPrimitives.ReadInt64LittleEndian(node[8..]));
    }

    /// <summary>Where a buffer lies inside <see cref="Body"/>.</summary>
    public (int Start, int Length) Buffer(int index)
    {
        ReadOnlySpan<byte> buffer = _buffers.Slice(index * StructSize, StructSize);
        long start = BinaryPrimitives.ReadInt64LittleEndian(buffer);
        long length = BinaryPrimitives.ReadInt64LittleEndian(buffer[8..]);
        return start < 0 || length < 0 || start > Body.Length || length > Body.Length - start
            ? throw new BatchFormatException($"buffer {index} ({length} bytes at {start}) lies outside of a body of {Body.Length} bytes")
            : ((int)start, (int)length);
    }
}
