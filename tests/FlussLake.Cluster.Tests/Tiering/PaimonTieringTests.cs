using FlussLake.Client;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests.Tiering;

/// <summary>Lake tables that this library writes, read by Paimon and DuckDB; the rows are those that Fluss's own tiering writes from the same log.</summary>
public sealed class PaimonTieringTests : ClusterTest, IDisposable
{
    private readonly LakeWriter _writer;

    public PaimonTieringTests(MainCluster main)
        : base(main) => _writer = new LakeWriter(Cluster);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task Every_type_is_written_as_the_real_tiering_writes_it()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, Columns = AllTypes.Printable.Columns });
        Lab.Append(table, AllTypes.Printable.Rows(0));
        Lab.Generate(table, 300, from: 100, nullPercent: 30, flushEvery: 100);
        Lab.Tier(table);
        TablePath ours = await WrittenAsync(table);
        AssertSameAsReal(table, ours);
        AssertSameFiles(table, ours);
    }

    [Fact]
    public async Task What_Paimon_reads_of_nested_values_it_writes_again_unchanged()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = ["id"], Columns = AllTypes.All.Columns });
        TablePath ours = new("ours", table.Name);
        await _writer.CreateAsync(table, ours);
        for (int round = 0; round < 6; round++)
        {
            Lab.Append(table, AllTypes.All.Rows(round * 1000));
            Lab.Generate(table, 50, from: (round * 1000) + 100, nullPercent: 30);
            Lab.Tier(table);
        }

        Assert.Equal(1, await _writer.TierAsync(table, ours, 0, 20));
        Assert.Equal(2, await _writer.TierAsync(table, ours, 20, 40));
        for (int round = 2; round < 8; round++)
        {
            Assert.Equal(round + 1, await _writer.TierAsync(table, ours, round * 20, (round + 1) * 20));
        }

        Assert.Equal(9, await _writer.TierAsync(table, ours, 160));
        AssertSameFiles(table, ours);
        Lab.CompactLake(ours);
        Lab.ExpireLake(ours);
        Assert.True(Directory.GetFiles(Path.Combine(Cluster.Warehouse, "ours.db", table.Name), "*.parquet", SearchOption.AllDirectories).Length < 18);
        AssertSameFiles(table, ours);
    }

    /// <summary>Writes all rows of a table into a lake table of our own.</summary>
    private async Task<TablePath> WrittenAsync(LabTable source)
    {
        TablePath target = new("ours", source.Name);
        await _writer.CreateAsync(source, target);
        Assert.Equal(1, await _writer.TierAsync(source, target));
        return target;
    }

    private void AssertSameAsReal(LabTable source, TablePath target)
    {
        List<string> expected = LakeRows.OfPaimon(Lab, new TablePath(source.Database, source.Name));
        Assert.NotEmpty(expected);
        RowSet.AssertEqual(expected, LakeRows.OfPaimon(Lab, target), "The rows that Paimon reads");
    }

    private void AssertSameFiles(LabTable source, TablePath target) => RowSet.AssertEqual(
        LakeRows.OfDuckDb(Cluster, new TablePath(source.Database, source.Name)), LakeRows.OfDuckDb(Cluster, target), "The rows that DuckDB reads");
}
