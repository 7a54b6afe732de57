using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>
/// Log tables with bucket keys, whose lake tables have Paimon's fixed buckets, and tables without, whose lake tables have none: each bucket's log goes on where the lake
/// ends for it.
/// </summary>
public sealed class BucketKeyTests(MainCluster main) : ClusterTest(main)
{
    private const int Buckets = 4;

    private static readonly LabColumn[] s_columns =
    [
        new("id", "BIGINT NOT NULL"), new("name", "STRING NOT NULL"), new("day", "DATE NOT NULL"), new("n", "INT NOT NULL"), new("price", "DECIMAL(10,2) NOT NULL"),
        new("wide", "DECIMAL(20,2) NOT NULL"), new("at", "TIMESTAMP(6) NOT NULL"), new("raw", "BYTES NOT NULL"), new("note", "STRING"),
    ];

    public static TheoryData<string[], string> Keys => new()
    {
        { [], "ARROW" }, { ["id"], "ARROW" }, { ["name"], "ARROW" }, { ["id", "name"], "ARROW" }, { ["day", "n", "price"], "ARROW" }, { ["name", "at", "raw", "wide"], "ARROW" },
        { [], "INDEXED" }, { ["id", "name"], "INDEXED" }, { [], "COMPACTED" }, { ["name", "at", "raw", "wide"], "COMPACTED" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void Lake_and_log_of_every_bucket_together_are_the_table(string[] key, string format)
    {
        LabTable table = Create(LabTable.Unique("keys") with { Columns = s_columns, Buckets = Buckets, BucketKey = key, Properties = new Dictionary<string, string> { ["table.log.format"] = format } });
        Lab.Generate(table, 400, nullPercent: 20, flushEvery: 37);
        Assert.Equal(Buckets, Lab.Offsets(table).Count(bucket => bucket.Value.Latest > 0));

        // Each bucket to another point, and the last one not at all.
        Dictionary<string, long> upTo = Lab.Offsets(table).Where(bucket => bucket.Key != $"{Buckets - 1}").ToDictionary(bucket => bucket.Key, bucket => bucket.Value.Latest * (1 + int.Parse(bucket.Key, null)) / Buckets);
        Lab.Tier(table, upTo);
        AssertHalves(table, lake: upTo.Values.Sum(), all: 400);

        // A key that the lake knows comes again: it is another row.
        Lab.Generate(table, 100, from: 350, nullPercent: 20, flushEvery: 11);
        AssertHalves(table, lake: upTo.Values.Sum(), all: 500);
        Lab.Tier(table);
        AssertHalves(table, lake: 500, all: 500);
        Lab.Generate(table, 10, from: 500);
        AssertHalves(table, lake: 500, all: 510);
        Assert.Equal(key.Length > 0 ? Buckets : 1, LakeBuckets(table));
    }

    [Fact]
    public void Rows_of_one_key_alone_leave_the_other_buckets_empty()
    {
        LabTable table = Create(LabTable.Unique("keys") with { Buckets = Buckets, BucketKey = ["status"], Columns = [new("id", "BIGINT NOT NULL"), new("status", "STRING NOT NULL")] });
        Lab.Append(table, Enumerable.Range(0, 50).Select(i => new object?[] { i, "same" }));
        Lab.Tier(table);
        Lab.Append(table, Enumerable.Range(50, 25).Select(i => new object?[] { i, "same" }));
        Assert.Single(Lab.Offsets(table), bucket => bucket.Value.Latest > 0);
        AssertHalves(table, lake: 50, all: 75);

        // Buckets that the snapshot knows nothing of are read from their start.
        Lab.Append(table, Enumerable.Range(75, 100).Select(i => new object?[] { i, $"other {i}" }));
        AssertHalves(table, lake: 50, all: 175);
        using DbConnection connection = Open();
        Assert.Equal(["Int64:75 | Int64:2775"], connection.ReadTexts($"SELECT count(*), sum(id)::BIGINT FROM fluss_read('{table.Path}') WHERE status = 'same'"));
    }

    private void AssertHalves(LabTable table, long lake, long all)
    {
        using DbConnection connection = Open();
        AssertSameAsDump(connection, table);
        Assert.Equal(lake, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}$lake')"));
        Assert.Equal(all, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
        Assert.Equal(all - lake, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}$log')"));
    }

    private int LakeBuckets(LabTable table) =>
        Directory.GetFiles(table.LakeFolder(Cluster), "*.parquet", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)).Distinct().Count();
}
