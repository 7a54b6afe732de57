using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.BulkCopy;

/// <summary>Finds the source column of each column of a table: by the mappings where there are any, else by name.</summary>
internal static class ColumnMatch
{
    /// <summary>The position in the source of each column of the table; -1 for a column that the source lacks.</summary>
    /// <exception cref="FlussLakeException">A column finds no counterpart, or more than one; the message names it.</exception>
    public static int[] Find(TablePath table, IReadOnlyList<FlussColumn> columns, IReadOnlyList<string> source, IReadOnlyCollection<FlussBulkCopyColumnMapping> mappings)
    {
        if (source.Count == 0)
        {
            throw new FlussLakeException(Messages.NoSourceColumns(table));
        }

        string[] destinations = [.. columns.Select(column => column.Name)];
        int[] found = new int[columns.Count];
        Array.Fill(found, -1);
        if (mappings.Count > 0)
        {
            foreach (FlussBulkCopyColumnMapping mapping in mappings)
            {
                int from = Position(source, mapping.SourceColumn) ?? throw new FlussLakeException(Messages.NoSourceColumn(mapping.SourceColumn));
                int to = Position(destinations, mapping.DestinationColumn) ?? throw new FlussLakeException(Messages.NoMappedColumn(mapping.DestinationColumn, table));
                Pair(found, source, destinations, from, to);
            }
        }
        else
        {
            for (int from = 0; from < source.Count; from++)
            {
                int to = Position(destinations, source[from]) ?? throw new FlussLakeException(Messages.NoDestinationColumn(source[from], table));
                Pair(found, source, destinations, from, to);
            }
        }

        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] < 0 && !columns[i].Type.IsNullable)
            {
                throw new FlussLakeException(Messages.ColumnNeedsSource(columns[i].Name, columns[i].Type.ToString(), table));
            }
        }

        return found;
    }

    private static void Pair(int[] found, IReadOnlyList<string> source, string[] destinations, int from, int to)
    {
        if (found[to] >= 0)
        {
            throw new FlussLakeException(Messages.TwoSources(source[found[to]], source[from], destinations[to]));
        }

        found[to] = from;
    }

    // The nearest spelling wins: the name as it stands, then ignoring case, then ignoring underscores as well.
    private static int? Position(IReadOnlyList<string> names, string name) =>
        Single(names, name, static (one, other) => string.Equals(one, other, StringComparison.Ordinal))
        ?? Single(names, name, static (one, other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase))
        ?? Single(names, name, static (one, other) => string.Equals(Plain(one), Plain(other), StringComparison.OrdinalIgnoreCase));

    private static int? Single(IReadOnlyList<string> names, string name, Func<string, string, bool> same)
    {
        int? found = null;
        for (int i = 0; i < names.Count; i++)
        {
            if (!same(names[i], name))
            {
                continue;
            }

            found = found is { } first ? throw new FlussLakeException(Messages.AmbiguousColumn(name, names[first], names[i])) : i;
        }

        return found;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
