using FlussLake.Data;
using FlussLake.Data.UnionRead;
using static FlussLake.Embedded.Tests.Partitions.Queries;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>More partitions than have arms of their own: the lake's are told apart by their files' paths, as far as these tell them.</summary>
public sealed class ManyPartitionTests
{
    private const int Count = LogArms.Most + 30;

    [Theory]
    [InlineData("STRING")]
    [InlineData("INT")]
    [InlineData("BIGINT")]
    [InlineData("DATE")]
    [InlineData("TIMESTAMP(3)")]
    [InlineData("TIMESTAMP(6)")]
    [InlineData("TIME(3)")]
    [InlineData("CHAR(8)")]
    public async Task Each_row_comes_once_with_the_key_of_its_partition(string type)
    {
        await using EmbeddedTable table = await CreateAsync($"k {type}");
        await table.AppendAsync(Enumerable.Range(0, Count).Select(i => (object?[])[(long)i, Key(type, i), $"lake{i}"]));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync(Enumerable.Range(0, 10).Select(i => (object?[])[1000L + i, Key(type, i * 7), $"log{i}"]));

        await using FlussLakeConnection connection = table.Open();
        List<string> expected =
        [
            .. Enumerable.Range(0, Count).Select(i => Text(i, Key(type, i), $"lake{i}")), .. Enumerable.Range(0, 10).Select(i => Text(1000 + i, Key(type, i * 7), $"log{i}")),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows(connection, "SELECT id, k, note FROM fluss_read('orders')"));
        ReadCounts counts = Assert.Single(connection.Session!.Reads.Counts);

        // Paimon's folders for TIME lack the milliseconds.
        Assert.Equal(type == "TIME(3)" ? LogArms.Most + 2 : 1, counts.LakeArmsPlanned);
        Assert.Equal((10, 10), (counts.LogArmsPlanned, counts.LogArmsOpened));

        List<string> one = [.. expected.Where(row => row.Split('|')[1] == Text(Key(type, 14))).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(one);
        Assert.Equal(one, Rows(connection, "SELECT id, k, note FROM fluss_read('orders') WHERE k = $key", Key(type, 14)));
        Assert.Equal(1, connection.Session.Reads.Counts[0].LogArmsOpened);
    }

    [Fact]
    public async Task Files_of_other_partitions_are_not_opened()
    {
        await using EmbeddedTable table = await CreateAsync("k STRING");
        await table.AppendAsync(Enumerable.Range(0, Count).Select(i => (object?[])[(long)i, $"k{i}", "lake"]));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        string[] files = Directory.GetFiles(table.Fluss.LakeWarehouse, "*.parquet", SearchOption.AllDirectories);
        await File.WriteAllTextAsync(files.Single(file => file.Contains("k=k100/", StringComparison.Ordinal)), "no Parquet", TestContext.Current.CancellationToken);

        await using FlussLakeConnection connection = table.Open();
        Assert.Equal(["7|k7"], Rows(connection, "SELECT id, k FROM fluss_read('orders') WHERE k = $key", "k7"));
        Assert.Throws<DuckDB.NET.Data.DuckDBException>(() => Rows(connection, "SELECT id, k FROM fluss_read('orders')"));

        foreach (string name in (string[])["k0", "k100", "k101"])
        {
            File.Delete(files.Single(file => file.Contains($"k={name}/", StringComparison.Ordinal)));
        }

        Assert.Equal(["7|k7"], Rows(connection, "SELECT id, k FROM fluss_read('orders') WHERE k = $key", "k7"));
        Assert.Equal(Count - 3, Rows(connection, "SELECT id FROM fluss_read('orders') WHERE k NOT IN ('k0', 'k100', 'k101')").Count);
        foreach (string condition in (string[])["k > 'k100'", "k = 'k101' AND id = -1", "k NOT IN ('k0', 'k100') AND note IS NULL"])
        {
            FlussLakeException gone = Assert.Throws<FlussLakeException>(() => Rows(connection, $"SELECT id FROM fluss_read('orders') WHERE {condition}"));
            Assert.Contains("k=k101", gone.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Values_that_a_path_would_tell_wrongly_come_from_the_manifests()
    {
        string[] odd = ["NULL", "null", "Null", "a_b-C", "007", "1e5", "true"];
        await using EmbeddedTable table = await CreateAsync("k STRING");
        string[] keys = [.. odd, .. Enumerable.Range(0, Count).Select(i => $"k{i}")];
        await table.AppendAsync(keys.Select((key, i) => (object?[])[(long)i, key, "lake"]));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);

        await using FlussLakeConnection connection = table.Open();
        Assert.Equal(keys.Select((key, i) => Text(i, key, "lake")).Order(StringComparer.Ordinal), Rows(connection, "SELECT id, k, note FROM fluss_read('orders')"));
        Assert.Equal(["0|NULL"], Rows(connection, "SELECT id, k FROM fluss_read('orders') WHERE k = $key", "NULL"));
        Assert.Empty(Rows(connection, "SELECT id FROM fluss_read('orders') WHERE k IS NULL"));
    }

    [Fact]
    public async Task A_warehouse_whose_path_names_a_column_does_not_change_its_values()
    {
        using Servers.TempFolder folder = new();
        string warehouse = Path.Combine(folder.Path, "note=wrong", "lake");
        await using EmbeddedTable table = await CreateAsync("k STRING", new EmbeddedFlussOptions { LakeWarehouse = warehouse });
        await table.AppendAsync(Enumerable.Range(0, Count).Select(i => (object?[])[(long)i, $"k{i}", $"n{i}"]));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => Text(i, $"k{i}", $"n{i}")).Order(StringComparer.Ordinal), table.Read());
    }

    [Fact]
    public async Task Logs_of_more_partitions_than_have_arms_are_read_as_one()
    {
        await using EmbeddedTable table = await CreateAsync("k INT");
        await table.AppendAsync(Enumerable.Range(0, Count).Select(i => (object?[])[(long)i, i, $"n{i}"]));

        await using FlussLakeConnection connection = table.Open();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => Text(i, i, $"n{i}")).Order(StringComparer.Ordinal), Rows(connection, "SELECT id, k, note FROM fluss_read('orders')"));
        ReadCounts counts = Assert.Single(connection.Session!.Reads.Counts);
        Assert.Equal((1, 1, Count), (counts.LogArmsPlanned, counts.LogArmsOpened, counts.LogBucketsOpened));
        Assert.Equal(["7|7"], Rows(connection, "SELECT id, k FROM fluss_read('orders') WHERE k = 7"));
    }

    private static Task<EmbeddedTable> CreateAsync(string key, EmbeddedFlussOptions? options = null) =>
        EmbeddedTable.CreateAsync(["id BIGINT NOT NULL", key, "note STRING"], options, table => table with { PartitionKeys = ["k"], BucketCount = 1 });

    private static object Key(string type, int number) => type switch
    {
        "INT" => number - 5,
        "BIGINT" => (number - 5L) << 40,
        "DATE" => new DateOnly(1970, 1, 1).AddDays((number - 5) * 1000),
        "TIMESTAMP(3)" => new DateTime(1970, 1, 1).AddMilliseconds((number - 5) * 100_010L),
        "TIMESTAMP(6)" => new DateTime(1970, 1, 1).AddMicroseconds((number - 5) * 100_000_001L),
        "TIME(3)" => new TimeOnly(number * 1_230_000L * 10),
        _ => $"k-{number}",
    };
}
