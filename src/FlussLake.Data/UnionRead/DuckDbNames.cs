namespace FlussLake.Data.UnionRead;

/// <summary>
/// The names under which DuckDB shows columns whose names it takes for the same, because it does not tell the case of ASCII letters apart: the first keeps its name, the others
/// get <c>_1</c>, <c>_2</c>, … appended. DuckDB does so for the columns of a query and of a Parquet file (<c>QueryResult::DeduplicateColumns</c>).
/// </summary>
internal static class DuckDbNames
{
    /// <summary>The names by which DuckDB knows columns, which are given in order.</summary>
    public static string[] Of(IEnumerable<string> columns)
    {
        Dictionary<string, int> seen = new(AsciiCaseComparer.Instance);
        return [.. columns.Select(Distinct)];

        string Distinct(string column)
        {
            if (seen.TryAdd(column, 1))
            {
                return column;
            }

            string name = $"{column}_{seen[column]}";
            while (seen.ContainsKey(name))
            {
                seen[column]++;
                name = $"{column}_{seen[column]}";
            }

            seen.Add(name, 1);
            seen[column]++;
            return name;
        }
    }
}
