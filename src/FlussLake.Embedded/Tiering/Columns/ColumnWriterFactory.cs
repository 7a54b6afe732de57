using FlussLake.Embedded.Parquet;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>Makes the writers of a lake table's columns, and with them the Parquet schema as Paimon lays it out: its names, annotations and field ids.</summary>
internal static class ColumnWriterFactory
{
    // Paimon numbers what has no field id of its own after the column's id and the depth below it.
    private const int NestedIdBase = 536_870_911;
    private const int NestedIdStep = 1024;

    public static ColumnWriter Create(string table, LakeField field) => Create(table, field, new Place([], field.Name, field.Id, field.Id, 0, 0, 0));

    private static ColumnWriter Create(string table, LakeField field, Place place)
    {
        PaimonDataType type = PaimonDataType.Parse(field.Type);
        ParquetRepetition repetition = field.IsNullable ? ParquetRepetition.Optional : ParquetRepetition.Required;
        ParquetNode node = new(place.Name, repetition) { FieldId = place.FieldId };
        Place inside = place.Inside(field.IsNullable ? 1 : 0);
        return type.Root switch
        {
            "BOOLEAN" => new BooleanWriter(Leaf(node with { Type = ParquetType.Boolean })),
            "TINYINT" => new SmallIntegerWriter(Leaf(node with { Type = ParquetType.Int32, Annotation = ParquetAnnotation.Int8 })),
            "SMALLINT" => new SmallIntegerWriter(Leaf(node with { Type = ParquetType.Int32, Annotation = ParquetAnnotation.Int16 })),
            "INT" or "INTEGER" => new FixedWidthWriter(Leaf(node with { Type = ParquetType.Int32 }), sizeof(int)),
            "BIGINT" => new FixedWidthWriter(Leaf(node with { Type = ParquetType.Int64 }), sizeof(long)),
            "FLOAT" => new FixedWidthWriter(Leaf(node with { Type = ParquetType.Float }), sizeof(float)),
            "DOUBLE" => new FixedWidthWriter(Leaf(node with { Type = ParquetType.Double }), sizeof(double)),
            "DATE" => new FixedWidthWriter(Leaf(node with { Type = ParquetType.Int32, Annotation = ParquetAnnotation.Date }), sizeof(int)),
            "TIME" => new TimeWriter(Leaf(node with { Type = ParquetType.Int32, Annotation = ParquetAnnotation.TimeMillisUtc })),
            "CHAR" or "VARCHAR" or "STRING" => new BytesWriter(Leaf(node with { Type = ParquetType.ByteArray, Annotation = ParquetAnnotation.String })),
            "BINARY" or "VARBINARY" or "BYTES" => new BytesWriter(Leaf(node with { Type = ParquetType.ByteArray })),
            "DECIMAL" => new DecimalWriter(Leaf(Decimal(node, type))),
            "TIMESTAMP" or "TIMESTAMP_LTZ" => Timestamp(node, type, Leaf),
            "ROW" => Row(table, field, node, inside),
            "ARRAY" => List(table, node with { Annotation = ParquetAnnotation.List }, "list", ParquetAnnotation.None, field.Children, inside),
            "MAP" => List(table, node with { Annotation = ParquetAnnotation.Map }, "key_value", ParquetAnnotation.MapEntries, field.Children, inside),
            _ => throw TieringErrors.ColumnNotSupported(table, field.Name, field.Type),
        };

        ParquetColumn Leaf(ParquetNode leaf) => new(leaf, inside.Path, inside.Definition, inside.Repetition);
    }

    private static ParquetNode Decimal(ParquetNode node, PaimonDataType type)
    {
        int precision = type.Precision ?? 10;
        return node with
        {
            Type = precision <= 9 ? ParquetType.Int32 : precision <= 18 ? ParquetType.Int64 : ParquetType.FixedLengthByteArray,
            TypeLength = precision <= 18 ? 0 : DecimalWriter.BytesOf(precision),
            Annotation = ParquetAnnotation.Decimal,
            Precision = precision,
            Scale = type.Scale ?? 0,
        };
    }

    private static LeafWriter Timestamp(ParquetNode node, PaimonDataType type, Func<ParquetNode, ParquetColumn> leaf)
    {
        bool isUtc = type.Root == "TIMESTAMP_LTZ";
        ParquetNode millis = node with { Type = ParquetType.Int64, Annotation = isUtc ? ParquetAnnotation.TimestampMillisUtc : ParquetAnnotation.TimestampMillis };
        ParquetNode micros = node with { Type = ParquetType.Int64, Annotation = isUtc ? ParquetAnnotation.TimestampMicrosUtc : ParquetAnnotation.TimestampMicros };
        return (type.Precision ?? 6) switch
        {
            0 => new SecondsWriter(leaf(millis)),
            <= 3 => new FixedWidthWriter(leaf(millis), sizeof(long)),
            <= 6 => new FixedWidthWriter(leaf(micros), sizeof(long)),
            _ => new Int96Writer(leaf(node with { Type = ParquetType.Int96 })),
        };
    }

    private static RowWriter Row(string table, LakeField row, ParquetNode node, Place inside)
    {
        ColumnWriter[] fields = new ColumnWriter[row.Children.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            LakeField field = row.Children[i];
            fields[i] = Create(table, field, inside with { Name = field.Name, FieldId = field.Id, OwnerId = field.Id, Depth = 0 });
        }

        return new RowWriter(node with { Children = [.. fields.Select(field => field.Node)] }, fields);
    }

    private static ListWriter List(
        string table, ParquetNode node, string group, ParquetAnnotation annotation, IReadOnlyList<LakeField> items, Place inside)
    {
        Place place = inside with { Path = [.. inside.Path, group], Definition = inside.Definition + 1, Repetition = inside.Repetition + 1, Depth = inside.Depth + 1 };
        int offset = (NestedIdStep * inside.OwnerId) + place.Depth;
        ColumnWriter[] writers = new ColumnWriter[items.Count];
        for (int i = 0; i < writers.Length; i++)
        {
            int id = items[i].Name == "key" ? NestedIdBase - offset : NestedIdBase + offset;
            writers[i] = Create(table, items[i], place with { Name = items[i].Name, FieldId = id });
        }

        ParquetNode repeated = new(group, ParquetRepetition.Repeated) { Annotation = annotation, Children = [.. writers.Select(writer => writer.Node)] };
        return new ListWriter(node with { Children = [repeated] }, writers, place.Repetition);
    }

    /// <summary>Where a field lies.</summary>
    /// <param name="Path">The names of its ancestors.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="FieldId">The id that its Parquet field gets.</param>
    /// <param name="OwnerId">The id of the nearest field that has one in Paimon's schema.</param>
    /// <param name="Depth">The number of lists between that field and this one.</param>
    /// <param name="Definition">The number of optional and repeated ancestors.</param>
    /// <param name="Repetition">The number of repeated ancestors.</param>
    private sealed record Place(string[] Path, string Name, int FieldId, int OwnerId, int Depth, int Definition, int Repetition)
    {
        public Place Inside(int definition) => this with { Path = [.. Path, Name], Definition = Definition + definition };
    }
}
