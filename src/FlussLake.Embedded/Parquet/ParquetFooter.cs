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
        thrift.BeginList(2, ThriftWriter.Struct, 1 + fields.Sum(CountNodes));
        int root = thrift.BeginItem();
        thrift.Text(4, rootName);
        thrift.Int32(5, fields.Count);
        thrift.EndStruct(root);
        foreach (ParquetNode field in fields)
        {
            WriteNode(ref thrift, field);
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

    private static int CountNodes(ParquetNode node) => 1 + node.Children.Sum(CountNodes);

    private static void WriteNode(ref ThriftWriter thrift, ParquetNode node)
    {
        int element = thrift.BeginItem();
        if (node.Type is { } type)
        {
            thrift.Int32(1, (int)type);
        }

        if (node.TypeLength > 0)
        {
            thrift.Int32(2, node.TypeLength);
        }

        thrift.Int32(3, (int)node.Repetition);
        thrift.Text(4, node.Name);
        if (node.Type is null)
        {
            thrift.Int32(5, node.Children.Count);
        }

        if (ConvertedType(node.Annotation) is { } converted)
        {
            thrift.Int32(6, converted);
        }

        if (node.Annotation == ParquetAnnotation.Decimal)
        {
            thrift.Int32(7, node.Scale);
            thrift.Int32(8, node.Precision);
        }

        if (node.FieldId is { } id)
        {
            thrift.Int32(9, id);
        }

        WriteLogicalType(ref thrift, node);
        thrift.EndStruct(element);
        foreach (ParquetNode child in node.Children)
        {
            WriteNode(ref thrift, child);
        }
    }

    private static int? ConvertedType(ParquetAnnotation annotation) => annotation switch
    {
        ParquetAnnotation.String => 0,
        ParquetAnnotation.Map => 1,
        ParquetAnnotation.MapEntries => 2,
        ParquetAnnotation.List => 3,
        ParquetAnnotation.Decimal => 5,
        ParquetAnnotation.Date => 6,
        ParquetAnnotation.TimeMillisUtc => 7,
        ParquetAnnotation.TimestampMillis or ParquetAnnotation.TimestampMillisUtc => 9,
        ParquetAnnotation.TimestampMicros or ParquetAnnotation.TimestampMicrosUtc => 10,
        ParquetAnnotation.Int8 => 15,
        ParquetAnnotation.Int16 => 16,
        _ => null,
    };

    private static void WriteLogicalType(ref ThriftWriter thrift, ParquetNode node)
    {
        if (node.Annotation is ParquetAnnotation.None or ParquetAnnotation.MapEntries)
        {
            return;
        }

        int union = thrift.BeginStruct(10);
        switch (node.Annotation)
        {
            case ParquetAnnotation.String:
                thrift.EmptyStruct(1);
                break;
            case ParquetAnnotation.Map:
                thrift.EmptyStruct(2);
                break;
            case ParquetAnnotation.List:
                thrift.EmptyStruct(3);
                break;
            case ParquetAnnotation.Decimal:
                int @decimal = thrift.BeginStruct(5);
                thrift.Int32(1, node.Scale);
                thrift.Int32(2, node.Precision);
                thrift.EndStruct(@decimal);
                break;
            case ParquetAnnotation.Date:
                thrift.EmptyStruct(6);
                break;
            case ParquetAnnotation.TimeMillisUtc:
                WriteClock(ref thrift, 7, isAdjustedToUtc: true, unit: 1);
                break;
            case ParquetAnnotation.TimestampMillis:
                WriteClock(ref thrift, 8, isAdjustedToUtc: false, unit: 1);
                break;
            case ParquetAnnotation.TimestampMicros:
                WriteClock(ref thrift, 8, isAdjustedToUtc: false, unit: 2);
                break;
            case ParquetAnnotation.TimestampMillisUtc:
                WriteClock(ref thrift, 8, isAdjustedToUtc: true, unit: 1);
                break;
            case ParquetAnnotation.TimestampMicrosUtc:
                WriteClock(ref thrift, 8, isAdjustedToUtc: true, unit: 2);
                break;
            case ParquetAnnotation.Int8 or ParquetAnnotation.Int16:
                int integer = thrift.BeginStruct(10);
                thrift.Int8(1, node.Annotation == ParquetAnnotation.Int8 ? (sbyte)8 : (sbyte)16);
                thrift.Bool(2, true);
                thrift.EndStruct(integer);
                break;
        }

        thrift.EndStruct(union);
    }

    private static void WriteClock(ref ThriftWriter thrift, int field, bool isAdjustedToUtc, int unit)
    {
        int clock = thrift.BeginStruct(field);
        thrift.Bool(1, isAdjustedToUtc);
        int union = thrift.BeginStruct(2);
        thrift.EmptyStruct(unit);
        thrift.EndStruct(union);
        thrift.EndStruct(clock);
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
