namespace FlussLake.Client.Metadata;

/// <summary>The ids of the columns of a table and of the fields inside them: all from one counter, each a different one.</summary>
internal static class ColumnIds
{
    /// <summary>The columns as they are where every id is given and none twice; otherwise numbered in order, a column before its fields.</summary>
    public static IReadOnlyList<FlussColumn> Complete(IReadOnlyList<FlussColumn> columns)
    {
        HashSet<int> seen = [];
        if (columns.All(column => IsNew(column.Id, seen) && AreNew(column.Type, seen)))
        {
            return columns;
        }

        return Number(columns, 0);
    }

    /// <summary>Columns that are added after others, with the next ids.</summary>
    public static IReadOnlyList<FlussColumn> Next(IReadOnlyList<FlussColumn> columns, IReadOnlyList<FlussColumn> added) =>
        Number(added, columns.Aggregate(-1, (highest, column) => Math.Max(highest, Math.Max(column.Id, Highest(column.Type)))) + 1);

    private static int Highest(FlussType? type) => type is null
        ? -1
        : type.Fields.Aggregate(
            Math.Max(Highest(type.Element), Math.Max(Highest(type.Key), Highest(type.Value))), (highest, field) => Math.Max(highest, Math.Max(field.Id, Highest(field.Type))));

    private static List<FlussColumn> Number(IReadOnlyList<FlussColumn> columns, int next)
    {
        List<FlussColumn> numbered = new(columns.Count);
        foreach (FlussColumn column in columns)
        {
            int id = next++;
            numbered.Add(column with { Id = id, Type = Number(column.Type, ref next)! });
        }

        return numbered;
    }

    private static bool IsNew(int id, HashSet<int> seen) => id >= 0 && seen.Add(id);

    private static bool AreNew(FlussType? type, HashSet<int> seen) => type is null
        || (AreNew(type.Element, seen) && AreNew(type.Key, seen) && AreNew(type.Value, seen)
            && type.Fields.All(field => IsNew(field.Id, seen) && AreNew(field.Type, seen)));

    private static FlussType? Number(FlussType? type, ref int next)
    {
        switch (type?.Kind)
        {
            case FlussTypeKind.Array:
                return type with { Element = Number(type.Element, ref next) };
            case FlussTypeKind.Map:
                FlussType? key = Number(type.Key, ref next);
                return type with { Key = key, Value = Number(type.Value, ref next) };
            case FlussTypeKind.Row:
                List<FlussField> fields = new(type.Fields.Count);
                foreach (FlussField field in type.Fields)
                {
                    int id = next++;
                    fields.Add(field with { Id = id, Type = Number(field.Type, ref next)! });
                }

                return type with { Fields = fields };
            default:
                return type;
        }
    }
}
