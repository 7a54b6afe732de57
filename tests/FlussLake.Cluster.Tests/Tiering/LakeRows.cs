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
        string files = $"{Folder(cluster, table)}/**/*.parquet";
        return Query($"SELECT {columns} FROM read_parquet('{files}', hive_partitioning=false, union_by_name=true)");
    }

    /// <summary>The schema of one of a table's Parquet files: every field with all that the footer says of it.</summary>
    public static List<string> ParquetSchema(KitCluster cluster, TablePath table)
    {
        string file = Directory.GetFiles(Folder(cluster, table), "*.parquet", SearchOption.AllDirectories)[0];
        return Query($"SELECT name, type, type_length, repetition_type, num_children, converted_type, scale, \"precision\", field_id, logical_type FROM parquet_schema('{file}')");
    }

    public static string Folder(KitCluster cluster, TablePath table) => Path.Combine(cluster.Warehouse, table.Database + ".db", table.Table);

    private static List<string> Query(string sql)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone='UTC'; SELECT CAST(COLUMNS(x -> true) AS VARCHAR) FROM ({sql})";
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
