using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>Where a warehouse may lie.</summary>
public sealed class WarehouseTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "note STRING"];

    [Theory]
    [InlineData("a lake")]
    [InlineData("grün 日本 𝄞")]
    [InlineData("100% %41 %2F")]
    [InlineData("it's \"quoted\"")]
    [InlineData("a*b?c [d] {e,f}")]
    [InlineData("db=x;y")]
    public async Task Both_halves_are_read_whatever_the_warehouse_is_called(string name)
    {
        using TempFolder folder = new();
        string warehouse = Path.Combine(folder.Path, name);
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, new EmbeddedFlussOptions { LakeWarehouse = warehouse });
        await TierOneAppendOneAsync(table);

        Assert.Equal(warehouse, table.Fluss.LakeWarehouse);
        Assert.Equal(["1|a"], table.Read("$lake"));
        Assert.Equal(["1|a", "2|b"], table.Read());
    }

    [Fact]
    public async Task A_warehouse_may_be_given_as_a_file_location()
    {
        using TempFolder folder = new();
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, new EmbeddedFlussOptions { LakeWarehouse = $"file://{folder.Path}/a lake/" });
        await TierOneAppendOneAsync(table);

        Assert.Equal(Path.Combine(folder.Path, "a lake"), table.Fluss.LakeWarehouse);
        Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "a lake"), "*.parquet", SearchOption.AllDirectories));
        Assert.Equal(["1|a", "2|b"], table.Read());
    }

    [Theory]
    [InlineData("s3://bucket/lake")]
    [InlineData("file://elsewhere/lake")]
    [InlineData("file:lake")]
    public async Task A_warehouse_that_is_not_on_this_machine_is_refused(string location)
    {
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { LakeWarehouse = location }, TestContext.Current.CancellationToken));

        Assert.Contains("LakeWarehouse", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(location, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task TierOneAppendOneAsync(EmbeddedTable table)
    {
        await table.AppendAsync([1L, "a"]);
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync([2L, "b"]);
    }
}
