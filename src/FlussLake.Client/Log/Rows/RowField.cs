using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Rows;

/// <summary>A field as rows store it, and the column that its values go to. Immutable.</summary>
internal sealed class RowField
{
    private RowField(string path, FlussType type, ColumnLayout? column)
    {
        Path = path;
        Type = type;
        Kind = KindOf(type);
        Column = column;
        IndexedWidth = WidthInIndexedRow(Kind, type);
        SlotWidth = Kind switch
        {
            RowFieldKind.Byte => 1,
            RowFieldKind.Short => 2,
            RowFieldKind.Int or RowFieldKind.Float => 4,
            _ => 8,
        };

        // Nobody looks into a nested value that is passed over.
        if (column is null)
        {
            return;
        }

        switch (type.Kind)
        {
            case FlussTypeKind.Array:
                Nested = new RowFields([Create(type.Element!, column.Children[0])]);
                break;
            case FlussTypeKind.Map:
                ColumnLayout entries = column.Children[0];
                Nested = new RowFields([Create(type.Key! with { IsNullable = false }, entries.Children[0]), Create(type.Value!, entries.Children[1])]);
                break;
            case FlussTypeKind.Row:
                Nested = new RowFields([.. type.Fields.Select((field, i) => Create(field.Type, column.Children[i]))]);
                break;
        }
    }

    /// <summary>The column's name, and below it the way to the nested field; for messages.</summary>
    public string Path { get; }

    /// <summary>The type as the schema declares it.</summary>
    public FlussType Type { get; }

    public RowFieldKind Kind { get; }

    /// <summary>Where the values go, or null where they are passed over.</summary>
    public ColumnLayout? Column { get; }

    /// <summary>The bytes of a value in an indexed row, or -1 where the row's list of lengths says them.</summary>
    public int IndexedWidth { get; }

    /// <summary>The bytes of an element's slot in an array.</summary>
    public int SlotWidth { get; }

    /// <summary>The element of ARRAY, key and value of MAP, the fields of ROW; null for others, and where values are passed over.</summary>
    public RowFields? Nested { get; }

    /// <summary>A field of a schema.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">The type as the schema declares it.</param>
    /// <param name="column">Where the values go, laid out for the type that <see cref="StoredTypes"/> names; null where they are passed over.</param>
    public static RowField Create(string name, FlussType type, ColumnLayout? column) => new(name, type, column);

    private static RowField Create(FlussType type, ColumnLayout column) => new(column.Path, type, column);

    private static RowFieldKind KindOf(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean or FlussTypeKind.TinyInt => RowFieldKind.Byte,
        FlussTypeKind.SmallInt => RowFieldKind.Short,
        FlussTypeKind.Int or FlussTypeKind.Date or FlussTypeKind.Time => RowFieldKind.Int,
        FlussTypeKind.Float => RowFieldKind.Float,
        FlussTypeKind.BigInt => RowFieldKind.Long,
        FlussTypeKind.Double => RowFieldKind.Double,
        FlussTypeKind.Decimal => type.Precision <= 18 ? RowFieldKind.Long : RowFieldKind.WideDecimal,
        FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => type.Precision <= 3 ? RowFieldKind.Long : RowFieldKind.FineTimestamp,
        FlussTypeKind.Char or FlussTypeKind.Binary => RowFieldKind.Padded,
        FlussTypeKind.String or FlussTypeKind.Bytes => RowFieldKind.Bytes,
        FlussTypeKind.Array => RowFieldKind.Array,
        FlussTypeKind.Map => RowFieldKind.Map,
        FlussTypeKind.Row => RowFieldKind.Row,
        _ => throw new FlussException($"The Fluss type {type} cannot be read from a log of rows.", FlussErrorCode.UnsupportedVersion),
    };

    private static int WidthInIndexedRow(RowFieldKind kind, FlussType type) => kind switch
    {
        RowFieldKind.Byte => 1,
        RowFieldKind.Short => 2,
        RowFieldKind.Int or RowFieldKind.Float => 4,
        RowFieldKind.Long or RowFieldKind.Double => 8,
        RowFieldKind.FineTimestamp => 12,
        RowFieldKind.Padded => type.Length,
        _ => -1,
    };
}
