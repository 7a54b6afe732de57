using System.Buffers.Binary;

using Google.FlatBuffers;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// Writes what goes before the body of an encapsulated Arrow RecordBatch message: continuation marker, length and flatbuffer. The body follows at once.
/// Format: <see href="https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format"/>.
/// </summary>
internal static class RecordBatchMetadata
{
    private const int StructSize = 16;
    private const int PrefixSize = 8;
    private const byte RecordBatchHeader = 3;
    private const short MetadataV5 = 4;

    /// <summary>Writes marker, length and metadata.</summary>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="nodes">The nodes, depth first.</param>
    /// <param name="buffers">Where each buffer lies in the body: ascending and contiguous, each start a multiple of 8; servers derive sizes from the starts.</param>
    /// <param name="codec">How the buffers are compressed.</param>
    /// <param name="bodyLength">The length of the body in bytes, a multiple of 8.</param>
    /// <returns>The bytes; their number is a multiple of 8.</returns>
    public static byte[] Write(long rowCount, ReadOnlySpan<FieldNode> nodes, ReadOnlySpan<(long Start, long Length)> buffers, BodyCodec codec, long bodyLength)
    {
        FlatBufferBuilder builder = new(256 + (StructSize * (nodes.Length + buffers.Length)));
        int compression = codec == BodyCodec.None ? 0 : Compression(builder, codec);

        // Flatbuffers are built from their end: the last struct first, and in it the last field.
        builder.StartVector(StructSize, buffers.Length, sizeof(long));
        for (int i = buffers.Length - 1; i >= 0; i--)
        {
            PutPair(builder, buffers[i].Start, buffers[i].Length);
        }

        VectorOffset bufferVector = builder.EndVector();
        builder.StartVector(StructSize, nodes.Length, sizeof(long));
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            PutPair(builder, nodes[i].Length, nodes[i].NullCount);
        }

        VectorOffset nodeVector = builder.EndVector();
        builder.StartTable(4);
        builder.AddLong(0, rowCount, 0);
        builder.AddOffset(1, nodeVector.Value, 0);
        builder.AddOffset(2, bufferVector.Value, 0);
        builder.AddOffset(3, compression, 0);
        int batch = builder.EndTable();
        builder.StartTable(4);
        builder.AddLong(3, bodyLength, 0);
        builder.AddOffset(2, batch, 0);
        builder.AddShort(0, MetadataV5, 0);
        builder.AddByte(1, RecordBatchHeader, 0);
        builder.Finish(builder.EndTable());

        byte[] metadata = builder.SizedByteArray();
        int padded = (metadata.Length + 7) & -8;
        byte[] message = new byte[PrefixSize + padded];
        BinaryPrimitives.WriteUInt32LittleEndian(message, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), padded);
        metadata.CopyTo(message.AsSpan(PrefixSize));
        return message;
    }

    private static int Compression(FlatBufferBuilder builder, BodyCodec codec)
    {
        builder.StartTable(2);
        builder.AddByte(0, codec == BodyCodec.Zstd ? (byte)1 : (byte)0, 0);
        return builder.EndTable();
    }

    private static void PutPair(FlatBufferBuilder builder, long first, long second)
    {
        builder.Prep(sizeof(long), StructSize);
        builder.PutLong(second);
        builder.PutLong(first);
    }
}
