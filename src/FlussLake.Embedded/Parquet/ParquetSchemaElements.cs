namespace FlussLake.Embedded.Parquet;

/// <summary>Writes the fields of a Parquet schema: <see href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md"/>.</summary>
internal static class ParquetSchemaElements
{
    /// <summary>The number of fields of a field and of all that is nested in it.</summary>
    public static int Count(ParquetNode node) => 1 + node.Children.Sum(Count);

    /// <summary>Writes a field, then what is nested in it.</summary>
    public static void Write(ref ThriftWriter thrift, ParquetNode node)
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
            Write(ref thrift, child);
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
}
