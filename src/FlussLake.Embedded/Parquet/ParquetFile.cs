using System.Buffers;
using System.Buffers.Binary;

namespace FlussLake.Embedded.Parquet;

/// <summary>
/// Writes the columns of one row group as a Parquet file. Written by hand because the lake's readers find columns by their field ids, also those of lists, maps and
/// structs, which general writers for .NET leave out.
/// </summary>
internal static class ParquetFile
{
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Writes a file whose columns have finished their last pages.</summary>
    /// <returns>The file's size in bytes.</returns>
    public static long Write(string path, string rootName, IReadOnlyList<ParquetNode> fields, IReadOnlyList<ParquetColumn> columns, long rowCount)
    {
        ArrayBufferWriter<byte> footer = new();
        ParquetFooter.Write(footer, rootName, fields, columns, rowCount);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.WrittenCount);

        // Never over a file that is there: names are unique.
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        file.Write(Magic);
        foreach (ParquetColumn column in columns)
        {
            file.Write(column.Pages.Span);
        }

        file.Write(footer.WrittenSpan);
        file.Write(length);
        file.Write(Magic);
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}
