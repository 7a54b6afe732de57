using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlussLake.Embedded.Parquet;

/// <summary>What a page's bytes need beside appending.</summary>
internal static class PageBytes
{
    /// <summary>Puts a number over four bytes that were left free.</summary>
    public static void Overwrite(ArrayBufferWriter<byte> bytes, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(MemoryMarshal.AsMemory(bytes.WrittenMemory).Span[at..], value);
}
