using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Tiering;

/// <summary>The rows of lake tables as other readers see them.</summary>
internal static partial class LakeRows
{
    /// <summary>All rows as Paimon reads them. What Paimon has no text for (bytes and nested values) only counts as there or not.</summary>
    public static List<string> OfPaimon(Lab lab, TablePath table, long? snapshot = null) =>
        [.. lab.DumpLake(table, snapshot).Select(line => Identity().Replace(line, "@object"))];

    /// <summary>All rows of all Parquet files in a table's folder as DuckDB reads them, nested values and all.</summary>
    public static List<string> OfDuckDb(KitCluster cluster, TablePath table, string columns = "*")
    {
        string files = $"{cluster.Warehouse}/{table.Database}.db/{table.Table}/**/*.parquet";
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone='UTC'; SELECT CAST(COLUMNS(x -> true) AS VARCHAR) FROM (SELECT {columns} FROM read_parquet('{files}', hive_partitioning=false, union_by_name=true))";
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))));
        }

        return rows;
    }

    [GeneratedRegex("@[0-9a-f]{1,8}(?=[\",])")]
    private static partial Regex Identity();
}
