using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>
/// Appends, rounds of tiering over some of the buckets, partitions dropped and made anew, in any order: what is read is what was appended, less what was dropped before it was tiered,
/// and each row is in exactly one half.
/// </summary>
public sealed class RandomPartitionTests(ITestOutputHelper output)
{
    private const int Steps = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Any_order_of_steps_loses_and_doubles_nothing(int seed) => RunAsync(seed);

    [Fact]
    public Task So_does_an_order_that_nobody_has_tried_before() => RunAsync(Random.Shared.Next());

    private async Task RunAsync(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        Random random = new(seed);
        int buckets = random.Next(1, 3);
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            ["id BIGINT NOT NULL", "region STRING", "note STRING", "day INT"], change: described => described with { PartitionKeys = ["day", "region"], BucketCount = buckets });
        await using FlussLakeConnection connection = table.Open();
        Rows rows = new();
        for (int step = 0; step < Steps; step++)
        {
            (int Day, string Region) partition = (random.Next(3), random.Next(2) == 0 ? "eu" : "us");
            switch (random.Next(10))
            {
                case < 5:
                    await rows.AppendAsync(table, partition, random.Next(1, 20));
                    break;
                case < 8:
                    await rows.TierAsync(table, random.Next(3) == 0 ? null : random);
                    break;
                default:
                    await rows.DropAsync(table, partition);
                    break;
            }

            Assert.Equal(rows.Texts(_ => true), Queries.Rows(connection, "SELECT * FROM fluss_read('orders')"));
            Assert.Equal(rows.Texts(row => row.IsTiered), Queries.Rows(connection, "SELECT * FROM fluss_read('orders$lake')"));
            Assert.Equal(rows.Texts(row => !row.IsTiered), Queries.Rows(connection, "SELECT * FROM fluss_read('orders$log')"));
            Assert.Equal(
                rows.Texts(row => row.Partition == partition),
                Queries.Rows(connection, $"SELECT * FROM fluss_read('orders') WHERE day = {partition.Day} AND region = '{partition.Region}'"));
        }
    }

    private sealed class Rows
    {
        private readonly List<Row> _rows = [];
        private long _last;

        public IEnumerable<string> Texts(Func<Row, bool> where) => _rows.Where(where)
            .Select(row => Queries.Text(row.Id, row.Partition.Region, $"n{row.Id}", row.Partition.Day)).Order(StringComparer.Ordinal);

        public async Task AppendAsync(EmbeddedTable table, (int Day, string Region) partition, int count)
        {
            List<long> ids = [.. Enumerable.Range(0, count).Select(_ => ++_last)];
            await table.AppendAsync(ids.Select(id => (object?[])[id, partition.Region, $"n{id}", partition.Day]));
            _rows.AddRange(ids.Select(id => new Row(id, partition)));
        }

        /// <summary>Tiers everything, or to a random end of each partition's buckets.</summary>
        public async Task TierAsync(EmbeddedTable table, Random? random)
        {
            Dictionary<TableBucket, long>? upTo = null;
            if (random is not null)
            {
                TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path);
                IReadOnlyList<PartitionInfo> partitions = await table.Client.ListPartitionsAsync(EmbeddedTable.Path);
                TableBucket[] buckets =
                [
                    .. partitions.SelectMany(partition => Enumerable.Range(0, info.BucketCount).Select(bucket => new TableBucket(info.TableId, partition.PartitionId, bucket))),
                ];
                IReadOnlyDictionary<TableBucket, long> ends = await table.Client.ListEndOffsetsAsync(info, buckets);
                upTo = buckets.Where(_ => random.Next(2) == 0).ToDictionary(bucket => bucket, bucket => random.NextInt64(0, ends[bucket] + 1));
            }

            await table.Fluss.TierAsync(EmbeddedTable.Path, upTo);

            // Which rows these were is told by nobody but the lake.
            HashSet<long> tiered = [.. table.Read("$lake", "id").Select(long.Parse)];
            Assert.All(_rows.Where(row => row.IsTiered), row => Assert.Contains(row.Id, tiered));
            _rows.ForEach(row => row.IsTiered = tiered.Contains(row.Id));
        }

        public async Task DropAsync(EmbeddedTable table, (int Day, string Region) partition)
        {
            Dictionary<string, string> values = new() { ["day"] = $"{partition.Day}", ["region"] = partition.Region };
            await table.Client.DropPartitionAsync(EmbeddedTable.Path, values, ignoreIfNotExists: true);
            _rows.RemoveAll(row => row.Partition == partition && !row.IsTiered);
        }
    }

    private sealed record Row(long Id, (int Day, string Region) Partition)
    {
        public bool IsTiered { get; set; }
    }
}
