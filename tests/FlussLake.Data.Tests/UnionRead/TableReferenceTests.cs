using FlussLake.Client;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.Tests.UnionRead;

public sealed class TableReferenceTests
{
    [Theory]
    [InlineData("orders", null, null, "shop", "orders", null)]
    [InlineData("sales.orders", null, null, "sales", "orders", null)]
    [InlineData("sales", "orders", null, "sales", "orders", null)]
    [InlineData("host:9123", "orders", null, "shop", "orders", "host:9123")]
    [InlineData("host:9123", "sales.orders", null, "sales", "orders", "host:9123")]
    [InlineData("a:1, b:2", "sales", "orders", "sales", "orders", "a:1,b:2")]
    public void The_arguments_name_servers_database_and_table(string first, string? second, string? third, string database, string table, string? servers)
    {
        TableReference reference = TableReference.Parse(first, second, third, "shop");

        Assert.Equal(new TablePath(database, table), reference.Table);
        Assert.Equal(servers, reference.Servers);
        Assert.Equal(TableHalf.Both, reference.Half);
    }

    [Theory]
    [InlineData("orders$lake", "orders", nameof(TableHalf.Lake))]
    [InlineData("sales.orders$log", "orders", nameof(TableHalf.Log))]
    public void A_suffix_names_one_half(string argument, string table, string half)
    {
        TableReference reference = TableReference.Parse(argument, null, null, "shop");

        Assert.Equal(table, reference.Table.Table);
        Assert.Equal(half, reference.Half.ToString());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "orders", null)]
    [InlineData("sales", null, "orders")]
    [InlineData("", null, null)]
    [InlineData("$lake", null, null)]
    [InlineData("no-port", "sales", "orders")]
    public void Arguments_that_name_no_table_are_refused(string? first, string? second, string? third) =>
        Assert.Throws<FlussLakeException>(() => TableReference.Parse(first, second, third, "shop"));

    [Fact]
    public void References_with_equal_servers_are_equal() => Assert.Equal(
        TableReference.Parse("h:1,g:2", "sales", "orders", "shop"), TableReference.Parse("G:2, h:1,g:2", "sales.orders", null, "other"));
}
