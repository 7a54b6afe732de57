using System.Data.Common;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>How batches are compressed, and which tables are refused.</summary>
public sealed class FormatTests(MainCluster main) : ClusterTest(main)
{
    [Theory]
    [InlineData("ZSTD")]
    [InlineData("LZ4_FRAME")]
    [InlineData("NONE")]
    public void Every_compression_of_batches_is_read(string compression)
    {
        LabTable table = Create(LabTable.Unique("formats") with
        {
            Buckets = 2,
            BucketKey = ["id"],
            Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = compression },
            Columns =
            [
                new("id", "BIGINT NOT NULL"), new("flag", "BOOLEAN"), new("small", "TINYINT"), new("name", "STRING"), new("raw", "BYTES"), new("amount", "DECIMAL(12,2)"),
                new("wide", "DECIMAL(38,10)"), new("at", "TIMESTAMP(6)"), new("seen", "TIMESTAMP_LTZ(3)"), new("time", "TIME(3)"), new("day", "DATE"), new("ratio", "DOUBLE"),
            ],
        });
        Lab.Generate(table, 20_000, nullPercent: 15, flushEvery: 7000);
        AssertSameAsDump(table);
        Lab.Tier(table);
        Lab.Generate(table, 3_000, from: 20_000, nullPercent: 15);
        AssertSameAsDump(table);
    }

    [Fact]
    public void A_table_with_a_primary_key_is_refused()
    {
        LabTable table = Create(LabTable.Unique("formats") with { PrimaryKey = ["id"] });
        AssertRefused(table, "primary");
    }

    private void AssertRefused(LabTable table, string reason)
    {
        using DbConnection connection = Open();
        Exception refusal = Assert.ThrowsAny<DbException>(() => connection.ReadTexts($"SELECT * FROM fluss_read('{table.Path}')"));
        Assert.True(Provider.IsOwn(refusal), refusal.ToString());
        Assert.Contains(table.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.OrdinalIgnoreCase);

        // The refusal ends the statement, not the connection.
        Assert.Equal(["Int32:1"], connection.ReadTexts("SELECT 1"));
    }
}
