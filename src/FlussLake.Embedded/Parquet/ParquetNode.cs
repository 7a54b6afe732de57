namespace FlussLake.Embedded.Parquet;

/// <summary>A field of a Parquet schema.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Repetition">How often the field occurs in its parent.</param>
internal sealed record ParquetNode(string Name, ParquetRepetition Repetition)
{
    /// <summary>The id by which readers find the field whatever its name; null where it has none.</summary>
    public int? FieldId { get; init; }

    /// <summary>The physical type; null for a group.</summary>
    public ParquetType? Type { get; init; }

    /// <summary>The bytes of one value of a <see cref="ParquetType.FixedLengthByteArray"/>.</summary>
    public int TypeLength { get; init; }

    /// <summary>What the values mean.</summary>
    public ParquetAnnotation Annotation { get; init; }

    /// <summary>The digits of a decimal.</summary>
    public int Precision { get; init; }

    /// <summary>The digits behind the point of a decimal.</summary>
    public int Scale { get; init; }

    /// <summary>The fields of a group.</summary>
    public IReadOnlyList<ParquetNode> Children { get; init; } = [];
}
