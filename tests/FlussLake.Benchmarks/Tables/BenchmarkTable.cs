using FlussLake.Client;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks.Tables;

/// <summary>The table that is read: two BIGINT, two STRING, DOUBLE, INT and TIMESTAMP(6), in four buckets.</summary>
internal static class BenchmarkTable
{
    public const string Database = "bench";

    /// <summary>What one-column statements read.</summary>
    public const string OneColumn = "amount";

    /// <summary>The column that takes the fewest bytes.</summary>
    public const string CheapestColumn = "quantity";

    private static readonly string[] s_fixedWidth = ["order_id", "customer_id", OneColumn, CheapestColumn, "ordered_at"];
    private static readonly string[] s_texts = ["status", "note"];

    public static LabTable Named(string name) => new(Database, name)
    {
        Columns =
        [
            new("order_id", "BIGINT"), new("customer_id", "BIGINT"), new("status", "STRING"), new("note", "STRING"),
            new("amount", "DOUBLE"), new("quantity", "INT"), new("ordered_at", "TIMESTAMP(6)"),
        ],
        Buckets = 4,
        Lake = false,
    };

    /// <summary>The statement over all columns: the bounds of every column of fixed width, and the bytes of every text.</summary>
    public static string AllColumns(string source) =>
        $"SELECT {string.Join(", ", s_fixedWidth.Select(MinAndMax))}, {string.Join(", ", s_texts.Select(column => $"sum(strlen({column}))::VARCHAR"))} FROM {source}";

    /// <summary>The statement over one column.</summary>
    public static string One(string source) => $"SELECT {MinAndMax(OneColumn)} FROM {source}";

    /// <summary>The number of rows.</summary>
    public static string Count(string source) => $"SELECT count(*)::VARCHAR FROM {source}";

    /// <summary>A table as SQL reads it.</summary>
    public static string Source(LabTable table) => $"fluss_read('{table.Name}')";

    public static TablePath Path(LabTable table) => new(table.Database, table.Name);

    private static string MinAndMax(string column) => $"min({column})::VARCHAR, max({column})::VARCHAR";
}
