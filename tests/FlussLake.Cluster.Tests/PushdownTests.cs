using System.Data.Common;
using System.Text.Json;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>What a statement does not need is not read.</summary>
[Collection(nameof(Alone))]
public sealed class PushdownTests(MainCluster main) : ClusterTest(main)
{
    [Fact]
    public void Filters_and_projections_reach_the_lake_files()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();

        JsonElement scan = Assert.Single(Explain(connection, $"SELECT status FROM fluss_read('{table.Name}') WHERE id > 42"), IsLake);

        JsonElement details = scan.GetProperty("extra_info");
        Assert.Contains("id>42", details.GetProperty("Filters").ToString(), StringComparison.Ordinal);
        Assert.Contains("status", details.GetProperty("Projections").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("amount", details.GetProperty("Projections").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("__offset", details.GetProperty("Projections").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT id, status, amount FROM {0}")]
    [InlineData("SELECT count(*) FROM {0}")]
    [InlineData("SELECT sum(amount) FROM {0}")]
    [InlineData("SELECT min(id), max(id), sum(strlen(status)) FROM {0}")]
    [InlineData("SELECT status FROM {0} WHERE id BETWEEN 3 AND 42 AND status IS NOT NULL")]
    [InlineData("SELECT id FROM {0} WHERE status = 'value-7' OR amount > 12.5")]
    public void A_table_in_the_lake_alone_is_scanned_as_its_files_are(string sql)
    {
        LabTable table = Create(LabTable.Unique("tiered"));
        Lab.Generate(table, 100);
        Lab.Tier(table);
        Lab.Generate(table, 100, from: 100);
        Lab.Tier(table);
        string[] files = Directory.GetFiles(table.LakeFolder(Cluster), "*.parquet", SearchOption.AllDirectories);
        using DbConnection connection = Open();
        string Scan(string source) => Details(Assert.Single(Explain(connection, string.Format(null, sql, source)), IsLake));

        Assert.Equal(
            Scan($"read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}])"),
            Scan($"fluss_read('{table.Name}')"));
    }

    [Fact]
    public void A_parameter_s_filter_reaches_the_lake_files()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN ANALYZE SELECT status FROM fluss_read('{table.Name}') WHERE id > @low";
        DbParameter low = command.CreateParameter();
        low.ParameterName = "low";
        low.Value = 42;
        command.Parameters.Add(low);
        using DbDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Contains("id>42", reader.GetString(1).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_half_without_rows_is_not_in_the_plan()
    {
        LabTable table = Create(LabTable.Unique("halves"));
        using DbConnection connection = Open();
        string sql = $"SELECT * FROM fluss_read('{table.Name}')";
        Assert.DoesNotContain(Explain(connection, sql), node => IsLake(node) || IsLog(node));

        Lab.Generate(table, 10);
        Assert.DoesNotContain(Explain(connection, sql), IsLake);
        Assert.Single(Explain(connection, sql), IsLog);

        Lab.Tier(table);
        Assert.Single(Explain(connection, sql), IsLake);
        Assert.DoesNotContain(Explain(connection, sql), IsLog);

        Lab.Generate(table, 10, from: 10);
        Assert.Single(Explain(connection, sql), IsLake);
        Assert.Single(Explain(connection, sql), IsLog);
    }

    [Fact]
    public void Counting_rows_reads_no_wide_column()
    {
        const int Rows = 3000;
        LabTable table = Create(LabTable.Unique("wide") with
        {
            Columns = [new("text", "STRING"), new("id", "BIGINT NOT NULL")],
            Lake = false,
            Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
        });
        Lab.Append(table, Enumerable.Range(0, Rows).Select(i => new object?[] { new string((char)('a' + i % 26), 1024), i }));
        using DbConnection connection = Open();

        long before = Counters.LogBytesFetched;
        Assert.Equal(Rows, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
        long counting = Counters.LogBytesFetched - before;
        Assert.Equal((long)Rows * 1024, connection.ExecuteScalar<long>($"SELECT sum(length(text)) FROM fluss_read('{table.Name}')"));
        long reading = Counters.LogBytesFetched - before - counting;
        Assert.Equal((long)Rows * (Rows - 1) / 2, connection.ExecuteScalar<long>($"SELECT sum(id) FROM fluss_read('{table.Name}')"));
        long summing = Counters.LogBytesFetched - before - counting - reading;

        Assert.True(reading > Rows * 1024, $"Reading the wide column fetched {reading} bytes.");
        Assert.True(counting < 100 * Rows, $"Counting fetched {counting} bytes.");
        Assert.True(summing < 100 * Rows, $"Summing the narrow column fetched {summing} bytes.");
    }

    // What a scan reads and how. Not how many rows DuckDB expects of it: of ours it knows the number, of plain files it guesses.
    private static string Details(JsonElement scan) => string.Join('\n', scan.GetProperty("extra_info").EnumerateObject()
        .Where(detail => detail.Name is "Function" or "Projections" or "Filters")
        .Select(detail => $"{detail.Name}: {(detail.Value.ValueKind == JsonValueKind.Array ? string.Join(", ", detail.Value.EnumerateArray().Select(part => part.ToString()).Order(StringComparer.Ordinal)) : detail.Value.ToString())}"));

    private static bool IsLake(JsonElement node) => node.GetProperty("name").GetString()!.Contains("READ_PARQUET", StringComparison.OrdinalIgnoreCase);

    private static bool IsLog(JsonElement node) => node.GetProperty("name").GetString()!.Contains("FLUSSLAKE_LOG", StringComparison.OrdinalIgnoreCase);

    private static List<JsonElement> Explain(DbConnection connection, string sql)
    {
        using DbDataReader reader = connection.OpenReader("EXPLAIN (FORMAT JSON) " + sql);
        Assert.True(reader.Read());
        using JsonDocument document = JsonDocument.Parse(reader.GetString(1));
        List<JsonElement> nodes = [];
        void Walk(JsonElement node)
        {
            nodes.Add(node);
            foreach (JsonElement child in node.GetProperty("children").EnumerateArray())
            {
                Walk(child);
            }
        }

        foreach (JsonElement root in document.RootElement.Clone().EnumerateArray())
        {
            Walk(root);
        }

        return nodes;
    }
}
