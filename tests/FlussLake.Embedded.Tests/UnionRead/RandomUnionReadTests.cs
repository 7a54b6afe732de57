using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>Appends, rounds of tiering, new columns and restarts in any order: what is read is what was appended, and each row is in exactly one half.</summary>
public sealed class RandomUnionReadTests(ITestOutputHelper output)
{
    private const int Steps = 25;
    private const int MostColumns = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public Task Any_order_of_steps_loses_and_doubles_nothing(int seed) => RunAsync(seed);

    [Fact]
    public Task So_does_an_order_that_nobody_has_tried_before() => RunAsync(Random.Shared.Next());

    private async Task RunAsync(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        Random random = new(seed);
        string directory = Directory.CreateTempSubdirectory("embedded-random-").FullName;
        try
        {
            int buckets = random.Next(1, 4);
            bool hasKey = random.Next(2) == 0;
            await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
                ["id BIGINT NOT NULL", "c1 STRING"],
                new EmbeddedFlussOptions { DataDirectory = directory },
                descriptor => descriptor with { BucketCount = buckets, BucketKeys = hasKey ? ["id"] : [] });
            List<string?[]> rows = [];
            int columns = 2;
            for (int step = 0; step < Steps; step++)
            {
                switch (random.Next(10))
                {
                    case < 5:
                        List<object?[]> added = [.. Enumerable.Range(rows.Count, random.Next(1, 40)).Select(id => Row(id, columns, random))];
                        await table.AppendAsync(added);
                        rows.AddRange(added.Select(row => row.Select(value => value?.ToString()).ToArray()));
                        break;
                    case < 8:
                        await table.Fluss.TierAsync(EmbeddedTable.Path, random.Next(2) == 0 ? null : await SomeEndsAsync(table, random), TestContext.Current.CancellationToken);
                        break;
                    case < 9 when columns < MostColumns:
                        await table.Client.AddColumnsAsync(EmbeddedTable.Path, [EmbeddedTable.Column($"c{columns} STRING")], TestContext.Current.CancellationToken);
                        columns++;
                        break;
                    default:
                        await table.RestartAsync();
                        break;
                }

                List<string> expected = [.. rows.Select(row => string.Join('|', Enumerable.Range(0, columns).Select(i => i < row.Length ? row[i] ?? "NULL" : "NULL"))).Order(StringComparer.Ordinal)];
                Assert.Equal(expected, table.Read());
                Assert.Equal(expected, [.. table.Read("$lake").Concat(table.Read("$log")).Order(StringComparer.Ordinal)]);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static object?[] Row(int id, int columns, Random random) =>
        [(long)id, .. Enumerable.Range(1, columns - 1).Select(i => random.Next(4) == 0 ? null : (object)$"v{i}-{random.Next(1000)}")];

    private static async Task<Dictionary<TableBucket, long>> SomeEndsAsync(EmbeddedTable table, Random random)
    {
        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path);
        IReadOnlyDictionary<int, long> ends = await table.Client.ListOffsetsAsync(info, null, [.. Enumerable.Range(0, info.BucketCount)], OffsetSpec.Latest);
        return ends.Where(_ => random.Next(3) > 0).ToDictionary(end => new TableBucket(info.TableId, null, end.Key), end => (long)random.Next((int)end.Value + 1));
    }
}
