using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Rows;

/// <summary>The nested row of a column of .NET objects; set to one value after the other.</summary>
internal abstract class NestedRows(TablePath table) : ObjectValues(table)
{
    /// <summary>What a value must be, for messages.</summary>
    public abstract string Expected { get; }

    public static NestedRows Create(TablePath table, string path, FlussType type) => type.Kind switch
    {
        FlussTypeKind.Array => new ElementsRow(table, path, type),
        FlussTypeKind.Map => new EntriesRow(table, path, type),
        FlussTypeKind.Row => new FieldsRow(table, path, type),
        _ => throw ValueErrors.UnsupportedType(ValueErrors.Place(table, path), type),
    };

    /// <summary>Takes a value; null where it is of no .NET type that fits.</summary>
    public abstract FlussRow? Set(object value, out int count);
}
