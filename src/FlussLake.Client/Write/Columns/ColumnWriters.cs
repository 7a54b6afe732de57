using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>Chooses the writer of each type.</summary>
internal static class ColumnWriters
{
    public static ColumnWriter[] Create(TablePath table, IReadOnlyList<FlussColumn> columns)
    {
        ColumnWriter[] writers = new ColumnWriter[columns.Count];
        for (int i = 0; i < writers.Length; i++)
        {
            writers[i] = Create(table, columns[i].Name, columns[i].Type);
        }

        return writers;
    }

    private static ColumnWriter Create(TablePath table, string path, FlussType type)
    {
        string place = ValueErrors.Place(table, path);
        return type.Kind switch
        {
            FlussTypeKind.Boolean => new BooleanColumnWriter(place, type),
            FlussTypeKind.TinyInt => new IntegerColumnWriter<sbyte>(place, type),
            FlussTypeKind.SmallInt => new IntegerColumnWriter<short>(place, type),
            FlussTypeKind.Int or FlussTypeKind.Date => new IntegerColumnWriter<int>(place, type),
            FlussTypeKind.BigInt => new IntegerColumnWriter<long>(place, type),
            FlussTypeKind.Float => new FloatColumnWriter(place, type),
            FlussTypeKind.Double => new DoubleColumnWriter(place, type),
            FlussTypeKind.Char or FlussTypeKind.String => new TextColumnWriter(place, type),
            FlussTypeKind.Binary => new BinaryColumnWriter(place, type),
            FlussTypeKind.Bytes => new VariableWidthColumnWriter(place, type),
            FlussTypeKind.Decimal => new DecimalColumnWriter(place, type),
            FlussTypeKind.Time when type.Precision <= 3 => new TimeColumnWriter<int>(place, type),
            FlussTypeKind.Time => new TimeColumnWriter<long>(place, type),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => new TimestampColumnWriter(place, type),
            FlussTypeKind.Array => new ArrayColumnWriter(place, type, Create(table, path + ".element", type.Element!)),
            FlussTypeKind.Map => new MapColumnWriter(
                place, type, Create(table, path + ".key", type.Key! with { IsNullable = false }), Create(table, path + ".value", type.Value!)),
            FlussTypeKind.Row => new RowColumnWriter(place, type, [.. type.Fields.Select(field => Create(table, $"{path}.{field.Name}", field.Type))]),
            _ => throw ValueErrors.UnsupportedType(place, type),
        };
    }
}
