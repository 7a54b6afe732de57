using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>A warehouse in a folder of its own, and how the planner and DuckDB read its tables.</summary>
internal sealed class Warehouse : IDisposable
{
    public static readonly IReadOnlyDictionary<string, string> NoProperties = new Dictionary<string, string>();

    public string Folder { get; } = Directory.CreateTempSubdirectory("flusslake-warehouse-").FullName;

    public PaimonCatalog Catalog => new(Folder);

    public string Root(TablePath table) => Path.Combine(Folder, table.Database + ".db", table.Table);

    public PaimonTieringRound Begin(TableInfo table, long fileBytes = PaimonTieringRound.FileBytes, long totalBytes = PaimonTieringRound.TotalBytes) =>
        new(Folder, table, fileBytes, totalBytes);

    /// <summary>One round with one batch.</summary>
    public long? Tier(TableInfo table, int bucket, long offset, params object?[][] rows)
    {
        using PaimonTieringRound round = Begin(table);
        round.Write(table, bucket, offset, rows);
        return round.Commit(NoProperties);
    }

    public Task<LakeScan> PlanAsync(TablePath table, long snapshot) =>
        new PaimonPlanner(new LocalLakeStorage()).PlanAsync(Root(table), snapshot, TestContext.Current.CancellationToken);

    /// <summary>The rows of a plan's files, in the order of their offsets, with the columns found by their field ids.</summary>
    public static List<string> Rows(LakeScan scan, string columns = "*")
    {
        string schema = string.Join(", ", scan.Schema.Fields.Select(field => $"{field.Id}: {{name: '{field.Name}', type: '{DuckDbType(field)}', default_value: NULL}}"));
        string files = string.Join(", ", scan.Files.Select(file => $"'{file.Path.Replace("'", "''", StringComparison.Ordinal)}'"));
        return Query($"SELECT {columns} FROM read_parquet([{files}], schema = MAP {{{schema}}}) ORDER BY __bucket, __offset");
    }

    public static List<string> Query(string sql)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone='UTC'; SELECT CAST(COLUMNS(x -> true) AS VARCHAR) FROM ({sql})";
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))));
        }

        return rows;
    }

    public string[] Files(TablePath table, string pattern = "*") =>
        [.. Directory.GetFiles(Root(table), pattern, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root(table), file))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string DuckDbType(LakeField field) => field.Type switch
    {
        "STRING" => "VARCHAR",
        "ROW" => $"STRUCT({string.Join(", ", field.Children.Select(child => $"{child.Name} {DuckDbType(child)}"))})",
        "ARRAY" => DuckDbType(field.Children[0]) + "[]",
        "TIMESTAMP(3) WITH LOCAL TIME ZONE" => "TIMESTAMPTZ",
        "TIMESTAMP(0)" or "TIMESTAMP(6)" => "TIMESTAMP",
        _ when field.Type.StartsWith("TIME(", StringComparison.Ordinal) => "TIME",
        "BINARY(4)" => "BLOB",
        _ => field.Type,
    };
}
