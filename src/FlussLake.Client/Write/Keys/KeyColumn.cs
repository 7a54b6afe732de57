using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Keys;

/// <summary>A column whose values take part in a bucket key or in a partition's name. Values are read as they are stored, so that equal stored values go together.</summary>
/// <param name="Position">The column's position in the schema.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Place">How messages name the column.</param>
internal sealed record KeyColumn(int Position, FlussType Type, string Place)
{
    public static KeyColumn[] Find(TablePath table, TableSchema schema, IReadOnlyList<string> names)
    {
        KeyColumn[] columns = new KeyColumn[names.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Find(table, schema, names[i]);
        }

        return columns;
    }

    public long Int64(FlussRow row)
    {
        long value = row.GetInt64(Position);
        (long least, long most) = Type.Kind switch
        {
            FlussTypeKind.TinyInt => (sbyte.MinValue, sbyte.MaxValue),
            FlussTypeKind.SmallInt => (short.MinValue, short.MaxValue),
            FlussTypeKind.BigInt => (long.MinValue, long.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        return value >= least && value <= most ? value : throw ValueErrors.OutOfRange(Place, Type, value);
    }

    public float Single(FlussRow row) => CanonicalNaN.Of((float)row.GetDouble(Position));

    public double Double(FlussRow row) => CanonicalNaN.Of(row.GetDouble(Position));

    public int TimeMilliseconds(FlussRow row) => (int)TimeUnits.Milliseconds(row.GetInt64(Position), Place, Type);

    public (long Milliseconds, int Nanoseconds) Timestamp(FlussRow row) => TimestampUnits.Cut(row.GetTimestamp(Position), Place, Type);

    public Int128 UnscaledDecimal(FlussRow row)
    {
        Int128 value = row.GetUnscaledDecimal(Position, Type.Precision, Type.Scale);
        Int128 limit = PowersOfTen.Int128(Type.Precision);
        return value < limit && value > -limit ? value : throw ValueErrors.OutOfRange(Place, Type, $"{value}E-{Type.Scale}");
    }

    private static KeyColumn Find(TablePath table, TableSchema schema, string name)
    {
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            if (schema.Columns[i].Name == name)
            {
                return new KeyColumn(i, schema.Columns[i].Type, ValueErrors.Place(table, name));
            }
        }

        throw KeyErrors.NoColumn(table, name);
    }
}
