using System.Data.Common;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests;

/// <summary>Bulk copies to a real cluster, as Fluss's Java client reads them.</summary>
public sealed class BulkCopyTests(MainCluster main) : ClusterTest(main)
{
    private static readonly LabColumn[] s_columns =
    [
        new("id", "BIGINT NOT NULL"), new("flag", "BOOLEAN"), new("tiny", "TINYINT"), new("small", "SMALLINT"), new("number", "INT"), new("single", "FLOAT"), new("ratio", "DOUBLE"),
        new("code", "CHAR(8)"), new("text", "STRING"), new("four", "BINARY(4)"), new("raw", "BYTES"), new("amount", "DECIMAL(12,2)"), new("wide", "DECIMAL(38,4)"), new("day", "DATE"),
        new("time", "TIME(3)"), new("at", "TIMESTAMP(6)"), new("second", "TIMESTAMP(0)"), new("seen", "TIMESTAMP_LTZ(6)"), new("milli", "TIMESTAMP_LTZ(3)"),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_table_that_is_read_and_copied_has_the_same_rows(bool bucketKey)
    {
        LabTable source = Create(LabTable.Unique("source") with { Columns = s_columns });
        LabTable target = Create(LabTable.Unique("target") with { Columns = s_columns, Buckets = 3, BucketKey = bucketKey ? ["id"] : [] });
        Lab.Generate(source, 3000, nullPercent: 20);
        Lab.Tier(source);
        Lab.Generate(source, 2000, from: 3000, nullPercent: 20);

        using DbConnection connection = Open();
        using (DbDataReader reader = connection.OpenReader($"SELECT * FROM fluss_read('{source.Name}')"))
        {
            FlussBulkCopy copy = new((FlussLakeConnection)connection) { DestinationTableName = target.Name };
            Assert.Equal(5000, await copy.WriteToServerAsync(reader, TestContext.Current.CancellationToken));
        }

        RowSet.AssertEqual(Dump(source), Dump(target), "The copied rows");
        AssertSameAsDump(connection, target);
    }

    [Fact]
    public async Task Rows_of_partitions_that_are_not_there_create_them()
    {
        LabTable table = Create(LabTable.Unique("parts") with { Columns = [new("id", "BIGINT NOT NULL"), new("region", "STRING"), new("day", "DATE")], PartitionedBy = ["region", "day"], Buckets = 2 });
        FlussBulkCopy copy = new(ConnectionString()) { DestinationTableName = table.Path };

        await copy.WriteToServerAsync(
            Enumerable.Range(0, 600).Select(i => new { Id = i, Region = i % 2 == 0 ? "eu" : "us", Day = new DateOnly(2026, 1, 1 + (i % 3)) }), TestContext.Current.CancellationToken);

        string[] names = ["eu$2026-01-01", "eu$2026-01-02", "eu$2026-01-03", "us$2026-01-01", "us$2026-01-02", "us$2026-01-03"];
        Assert.Equal(names, Lab.Offsets(table).GroupBy(bucket => bucket.Key.Split('/')[0]).Select(partition => partition.Key).Order(StringComparer.Ordinal));
        Assert.All(Lab.Offsets(table).GroupBy(bucket => bucket.Key.Split('/')[0]), partition => Assert.Equal(100, partition.Sum(bucket => bucket.Value.Latest)));
        Assert.Equal(
            Enumerable.Range(0, 600).Select(i => FormattableString.Invariant($"{i}, {(i % 2 == 0 ? "eu" : "us")}, 2026-01-0{1 + (i % 3)}")).Order(StringComparer.Ordinal),
            Lab.Dump(table).Select(row => string.Join(", ", row.Values).Replace("\"", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
