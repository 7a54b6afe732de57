using System.Buffers.Binary;

namespace FlussLake.Client.Tests.Servers;

/// <summary>A batch as a producer sent it.</summary>
internal sealed record ProducedBatch(byte[] Bytes)
{
    public long WriterId => BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(32));

    public int Sequence => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(40));

    public int Rows => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(44));
}
