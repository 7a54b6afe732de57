namespace FlussLake.Client.Metadata;

/// <summary>A Fluss data type, as a table's schema declares it.</summary>
/// <param name="Kind">Which type it is.</param>
public sealed record FlussType(FlussTypeKind Kind)
{
    /// <summary>Whether NULL is allowed; true unless the type is declared NOT NULL.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>The length of CHAR(n), in characters, or of BINARY(n), in bytes; otherwise 0.</summary>
    public int Length { get; init; }

    /// <summary>The digits of DECIMAL, or the fractional digits (0 to 9) of TIME, TIMESTAMP and TIMESTAMP_LTZ; otherwise 0.</summary>
    public int Precision { get; init; }

    /// <summary>The scale of DECIMAL; otherwise 0.</summary>
    public int Scale { get; init; }

    /// <summary>The element type of ARRAY; otherwise null.</summary>
    public FlussType? Element { get; init; }

    /// <summary>The key type of MAP; otherwise null.</summary>
    public FlussType? Key { get; init; }

    /// <summary>The value type of MAP; otherwise null.</summary>
    public FlussType? Value { get; init; }

    /// <summary>The fields of ROW, in order; otherwise empty.</summary>
    public IReadOnlyList<FlussField> Fields { get; init; } = [];

    /// <summary>Reads a type from its text, as <see cref="ToString"/> writes it: <c>DECIMAL(12, 2) NOT NULL</c>, <c>MAP&lt;STRING, INT&gt;</c>, <c>ROW&lt;x INT, y STRING&gt;</c>.</summary>
    /// <param name="text">
    /// The text; upper and lower case are the same, but for the names of fields, which may stand in backquotes. Lengths and digits left out are those of Fluss SQL.
    /// </param>
    /// <returns>The type. Its fields have the id -1: creating a table numbers them.</returns>
    /// <exception cref="FormatException">The text is no type, or nests deeper than 32 levels; the message says what is wrong where.</exception>
    public static FlussType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TypeParser.Parse(text);
    }

    /// <summary>The type as Fluss SQL writes it, for example <c>DECIMAL(12, 2) NOT NULL</c>.</summary>
    /// <returns>The type's text.</returns>
    public override string ToString()
    {
        string text = Kind switch
        {
            FlussTypeKind.Boolean => "BOOLEAN",
            FlussTypeKind.TinyInt => "TINYINT",
            FlussTypeKind.SmallInt => "SMALLINT",
            FlussTypeKind.Int => "INT",
            FlussTypeKind.BigInt => "BIGINT",
            FlussTypeKind.Float => "FLOAT",
            FlussTypeKind.Double => "DOUBLE",
            FlussTypeKind.Char => $"CHAR({Length})",
            FlussTypeKind.String => "STRING",
            FlussTypeKind.Binary => $"BINARY({Length})",
            FlussTypeKind.Bytes => "BYTES",
            FlussTypeKind.Decimal => $"DECIMAL({Precision}, {Scale})",
            FlussTypeKind.Date => "DATE",
            FlussTypeKind.Time => $"TIME({Precision})",
            FlussTypeKind.Timestamp => $"TIMESTAMP({Precision})",
            FlussTypeKind.TimestampLtz => $"TIMESTAMP_LTZ({Precision})",
            FlussTypeKind.Array => $"ARRAY<{Element}>",
            FlussTypeKind.Map => $"MAP<{Key}, {Value}>",
            FlussTypeKind.Row => $"ROW<{string.Join(", ", Fields.Select(field => $"{TypeParser.Write(field.Name)} {field.Type}"))}>",
            _ => Kind.ToString(),
        };
        return IsNullable ? text : text + " NOT NULL";
    }
}
