using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>Numbers columns and the fields nested in them from one counter, depth first, as Fluss does.</summary>
internal static class ColumnIds
{
    /// <summary>The columns with ids: those given where all are there and differ, otherwise new ones.</summary>
    public static IReadOnlyList<FlussColumn> Complete(IReadOnlyList<FlussColumn> columns)
    {
        List<int> ids = [];
        foreach (FlussColumn column in columns)
        {
            ids.Add(column.Id);
            Collect(column.Type, ids);
        }

        if (ids.TrueForAll(static id => id >= 0) && ids.Distinct().Count() == ids.Count)
        {
            return columns;
        }

        int highest = -1;
        return [.. columns.Select(column => Number(column, ref highest))];
    }

    /// <summary>Columns that are added after others, with the next ids.</summary>
    public static IReadOnlyList<FlussColumn> Next(IReadOnlyList<FlussColumn> columns, IReadOnlyList<FlussColumn> added)
    {
        List<int> ids = [-1];
        foreach (FlussColumn column in columns)
        {
            ids.Add(column.Id);
            Collect(column.Type, ids);
        }

        int highest = ids.Max();
        return [.. added.Select(column => Number(column, ref highest))];
    }

    private static FlussColumn Number(FlussColumn column, ref int highest)
    {
        int id = ++highest;
        return column with { Id = id, Type = Number(column.Type, ref highest) };
    }

    private static FlussType Number(FlussType type, ref int highest)
    {
        switch (type.Kind)
        {
            case FlussTypeKind.Array:
                return type with { Element = Number(type.Element!, ref highest) };
            case FlussTypeKind.Map:
                FlussType key = Number(type.Key!, ref highest);
                return type with { Key = key, Value = Number(type.Value!, ref highest) };
            case FlussTypeKind.Row:
                List<FlussField> fields = new(type.Fields.Count);
                foreach (FlussField field in type.Fields)
                {
                    int id = ++highest;
                    fields.Add(field with { Id = id, Type = Number(field.Type, ref highest) });
                }

                return type with { Fields = fields };
            default:
                return type;
        }
    }

    private static void Collect(FlussType? type, List<int> ids)
    {
        if (type is null)
        {
            return;
        }

        Collect(type.Element, ids);
        Collect(type.Key, ids);
        Collect(type.Value, ids);
        foreach (FlussField field in type.Fields)
        {
            ids.Add(field.Id);
            Collect(field.Type, ids);
        }
    }
}
