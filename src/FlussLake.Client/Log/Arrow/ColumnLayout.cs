using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Arrow;

/// <summary>Where one column or nested field lies in the record batches of a <see cref="BatchLayout"/>, and what its values are.</summary>
internal sealed class ColumnLayout
{
    private ColumnLayout(string path, FlussType type, ColumnShape shape, int width, int node, int buffer, ColumnLayout[] children)
    {
        Path = path;
        Type = type;
        Shape = shape;
        Width = width;
        Node = node;
        Buffer = buffer;
        Children = children;
    }

    /// <summary>The column's name, and below it the way to the nested field; for messages.</summary>
    public string Path { get; }

    public FlussType Type { get; }

    public ColumnShape Shape { get; }

    /// <summary>The bytes of one slot where the shape is <see cref="ColumnShape.FixedWidth"/>; otherwise 0.</summary>
    public int Width { get; }

    /// <summary>The index of the field's node.</summary>
    public int Node { get; }

    /// <summary>The index of the field's first buffer, its validity bits; the others follow it.</summary>
    public int Buffer { get; }

    public ColumnLayout[] Children { get; }

    /// <summary>Lays out a field and what is nested in it, depth first, as Arrow counts nodes and buffers.</summary>
    public static ColumnLayout Create(string path, FlussType type, ref int nodes, ref int buffers)
    {
        (ColumnShape shape, int width) = ShapeOf(type);
        int node = nodes++;
        int buffer = buffers;
        buffers += shape switch
        {
            ColumnShape.VariableWidth => 3,
            ColumnShape.Struct => 1,
            _ => 2,
        };
        IReadOnlyList<FlussField> nested = Nested(type);
        ColumnLayout[] children = nested.Count == 0 ? [] : new ColumnLayout[nested.Count];
        for (int i = 0; i < children.Length; i++)
        {
            children[i] = Create($"{path}.{nested[i].Name}", nested[i].Type, ref nodes, ref buffers);
        }

        return new ColumnLayout(path, type, shape, width, node, buffer, children);
    }

    private static IReadOnlyList<FlussField> Nested(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Array => [new FlussField("element", type.Element!, -1)],
        FlussTypeKind.Map => [new FlussField("entries", Entries(type), -1)],
        FlussTypeKind.Row => type.Fields,
        _ => [],
    };

    /// <summary>Arrow keeps a map as a list of structs.</summary>
    private static FlussType Entries(FlussType map) => new(FlussTypeKind.Row)
    {
        IsNullable = false,
        Fields = [new FlussField("key", map.Key! with { IsNullable = false }, -1), new FlussField("value", map.Value!, -1)],
    };

    private static (ColumnShape Shape, int Width) ShapeOf(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean => (ColumnShape.Bits, 0),
        FlussTypeKind.TinyInt => (ColumnShape.FixedWidth, 1),
        FlussTypeKind.SmallInt => (ColumnShape.FixedWidth, 2),
        FlussTypeKind.Int or FlussTypeKind.Float or FlussTypeKind.Date => (ColumnShape.FixedWidth, 4),
        FlussTypeKind.BigInt or FlussTypeKind.Double or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => (ColumnShape.FixedWidth, 8),
        // Seconds and milliseconds of a day have 32 bits, microseconds and nanoseconds 64.
        FlussTypeKind.Time => (ColumnShape.FixedWidth, type.Precision <= 3 ? 4 : 8),
        FlussTypeKind.Decimal => (ColumnShape.FixedWidth, 16),
        FlussTypeKind.Binary => (ColumnShape.FixedWidth, type.Length),
        FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Bytes => (ColumnShape.VariableWidth, 0),
        FlussTypeKind.Array or FlussTypeKind.Map => (ColumnShape.List, 0),
        FlussTypeKind.Row => (ColumnShape.Struct, 0),
        _ => throw new FlussException($"The Fluss type {type} cannot be read from an ARROW log.", FlussErrorCode.UnsupportedVersion),
    };
}
