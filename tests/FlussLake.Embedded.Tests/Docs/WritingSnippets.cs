using System.Data.Common;
using Apache.Arrow;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Docs;

/// <summary>The code of <c>docs/writing.md</c>, run against an embedded server.</summary>
public sealed class WritingSnippets
{
    private static readonly string[] s_columns = ["order_id BIGINT NOT NULL", "status STRING", "amount DECIMAL(10,2)", "ordered_at TIMESTAMP(3)"];

    [Fact]
    public async Task Rows_of_each_kind_of_source_are_copied()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await using FlussLakeConnection connection = table.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT 1 AS order_id, 'open' AS status";
        await using DbDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);

        await CopyAsync(connection, reader, [new { OrderId = 2L, Amount = 2m }], [new RecordBatch.Builder().Append("order_id", false, new Int64Array.Builder().Append(3).Build()).Build()]);

        await reader.CloseAsync();
        Assert.Equal(["1|open", "2|NULL", "3|NULL"], table.Read(columns: "order_id, status"));
    }

    [Fact]
    public async Task Single_rows_are_appended()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await AppendAsync(table.Fluss.BootstrapServers);
        Assert.Equal(["1001|open|12.50|02/03/2026 04:05:06"], table.Read());
    }

    [Fact]
    public async Task A_table_is_made_and_gets_a_column()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await DefineAsync(table.Client);
        TableInfo visits = await table.Client.GetTableInfoAsync(new TablePath("shop", "visits"), TestContext.Current.CancellationToken);
        Assert.Equal(["page", "at", "referrer"], visits.Schema.Columns.Select(column => column.Name));
        Assert.Equal(4, visits.BucketCount);
    }

#pragma warning disable xUnit1051 // As readers of the page write it.
    private static async Task CopyAsync<T>(FlussLakeConnection connection, DbDataReader reader, IEnumerable<T> newOrders, IEnumerable<RecordBatch> batches)
        where T : notnull
    {
        #region copy
        FlussBulkCopy copy = new(connection) { DestinationTableName = "orders", NotifyAfter = 100_000 };
        copy.RowsCopied += (_, progress) => Console.WriteLine($"{progress.RowsCopied} rows, {progress.RowsAcknowledged} of them acknowledged");

        await copy.WriteToServerAsync(reader);      // a DbDataReader of any provider
        await copy.WriteToServerAsync(newOrders);   // IAsyncEnumerable<T> or IEnumerable<T>: properties are columns
        await copy.WriteToServerAsync(batches);     // IAsyncEnumerable<RecordBatch> or IEnumerable<RecordBatch> of Apache.Arrow
        #endregion
    }

    private static async Task AppendAsync(string servers)
    {
        #region append
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [servers] });
        await using AppendWriter writer = await client.OpenAppendWriterAsync(new TablePath("shop", "orders"));
        await writer.AppendAsync([1001L, "open", 12.50m, new DateTime(2026, 2, 3, 4, 5, 6)]);
        await writer.FlushAsync();
        #endregion
    }

    private static async Task DefineAsync(FlussClient client)
    {
        #region define
        await client.CreateDatabaseAsync("shop", ignoreIfExists: true);
        await client.CreateTableAsync(new TablePath("shop", "visits"), new TableDescriptor
        {
            Columns = [new FlussColumn("page", FlussType.Parse("STRING NOT NULL"), 0), new FlussColumn("at", FlussType.Parse("TIMESTAMP(3)"), 1)],
            BucketKeys = ["page"],
            BucketCount = 4,
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
        });
        await client.AddColumnsAsync(new TablePath("shop", "visits"), [new FlussColumn("referrer", FlussType.Parse("STRING"), 2)]);
        #endregion
    }
#pragma warning restore xUnit1051
}
