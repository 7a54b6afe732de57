using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Docs;

/// <summary>The README's code that writes, run.</summary>
public sealed class ReadmeSnippets
{
    [Fact]
    public async Task Rows_are_copied()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["order_id BIGINT"]);
        await using FlussLakeConnection connection = table.Open();

        await CopyAsync(connection, [new { OrderId = 1L }]);

        Assert.Equal(["1"], table.Read());
    }

#pragma warning disable xUnit1051 // As the README has it.
    private static async Task CopyAsync<T>(FlussLakeConnection connection, IEnumerable<T> newOrders)
        where T : notnull
    {
        #region README
        FlussBulkCopy copy = new(connection) { DestinationTableName = "orders" };
        await copy.WriteToServerAsync(newOrders);
        #endregion
    }
#pragma warning restore xUnit1051
}
