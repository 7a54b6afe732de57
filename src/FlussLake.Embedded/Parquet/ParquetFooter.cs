using System.Buffers;

namespace FlussLake.Embedded.Parquet;

/// <summary>Writes the metadata at the end of a Parquet file: <see href="https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift"/>.</summary>
internal static class ParquetFooter
{
    private const string Creator = "FlussLake version 0.1.0";
    private const int Zstd = 6;

    public static void Write(ArrayBufferWriter<byte> target, string rootName, IReadOnlyList<ParquetNode> fields, IReadOnlyList<ParquetColumn> columns, long rowCount)
    {
        ThriftWriter thrift = new(target);
        int outermost = thrift.BeginItem();
        thrift.Int32(1, 1);
        thrift.BeginList(2, ThriftWriter.Struct, 1 + fields.Sum(ParquetSchemaElements.Count));
        int root = thrift.BeginItem();
        thrift.Text(4, rootName);
        thrift.Int32(5, fields.Count);
        thrift.EndStruct(root);
        foreach (ParquetNode field in fields)
        {
            ParquetSchemaElements.Write(ref thrift, field);
        }

        thrift.Int64(3, rowCount);
        thrift.BeginList(4, ThriftWriter.Struct, 1);
        WriteRowGroup(ref thrift, columns, rowCount);
        thrift.Text(6, Creator);
        WriteColumnOrders(ref thrift, columns.Count);
        thrift.EndStruct(outermost);
    }

    /// <summary>Without them readers must not use the columns' smallest and largest values.</summary>
    private static void WriteColumnOrders(ref ThriftWriter thrift, int columns)
    {
        thrift.BeginList(7, ThriftWriter.Struct, columns);
        for (int i = 0; i < columns; i++)
        {
            int order = thrift.BeginItem();
            thrift.EmptyStruct(1);
            thrift.EndStruct(order);
        }
    }

    private static void WriteRowGroup(ref ThriftWriter thrift, IReadOnlyList<ParquetColumn> columns, long rowCount)
    {
        int group = thrift.BeginItem();
        thrift.BeginList(1, ThriftWriter.Struct, columns.Count);
        long offset = ParquetFile.Magic.Length;
        foreach (ParquetColumn column in columns)
        {
            WriteColumn(ref thrift, column, offset);
            offset += column.Pages.Length;
        }

        thrift.Int64(2, columns.Sum(column => column.UncompressedSize));
        thrift.Int64(3, rowCount);
        thrift.Int64(5, ParquetFile.Magic.Length);
        thrift.Int64(6, offset - ParquetFile.Magic.Length);
        thrift.EndStruct(group);
    }

    private static void WriteColumn(ref ThriftWriter thrift, ParquetColumn column, long offset)
    {
        int chunk = thrift.BeginItem();
        thrift.Int64(2, offset);
        int metadata = thrift.BeginStruct(3);
        thrift.Int32(1, (int)column.Node.Type!.Value);
        thrift.BeginList(2, ThriftWriter.I32, 2);
        thrift.Int32Item(0);
        thrift.Int32Item(3);
        thrift.BeginList(3, ThriftWriter.Binary, column.Path.Count);
        foreach (string name in column.Path)
        {
            thrift.TextItem(name);
        }

        thrift.Int32(4, Zstd);
        thrift.Int64(5, column.ValueCount);
        thrift.Int64(6, column.UncompressedSize);
        thrift.Int64(7, column.Pages.Length);
        thrift.Int64(9, offset);
        int statistics = thrift.BeginStruct(12);
        thrift.Int64(3, column.NullCount);
        if (column.Range is { } range)
        {
            thrift.Bytes(5, ValueRange.Plain(column.Node.Type.Value, range.Largest));
            thrift.Bytes(6, ValueRange.Plain(column.Node.Type.Value, range.Smallest));
        }

        thrift.EndStruct(statistics);
        thrift.EndStruct(metadata);
        thrift.EndStruct(chunk);
    }
}
