namespace FlussLake.Client.Metadata;

/// <summary>The ids of the columns of a new table and of the fields inside them: all from one counter, each a different one.</summary>
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

        int next = 0;
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
