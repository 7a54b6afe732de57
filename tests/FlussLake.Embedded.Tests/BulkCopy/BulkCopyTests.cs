using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.BulkCopy;

public sealed class BulkCopyTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "status STRING", "amount DECIMAL(10,2)"];

    [Fact]
    public async Task The_rows_of_a_reader_of_any_provider_arrive()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using DataTable source = new();
        source.Columns.Add("Amount", typeof(decimal));
        source.Columns.Add("ID", typeof(int));
        source.Rows.Add(1.5m, 1);
        source.Rows.Add(DBNull.Value, 2);
        using DbDataReader reader = source.CreateDataReader();

        Assert.Equal(2, await Copy(table).WriteToServerAsync(reader, TestContext.Current.CancellationToken));

        Assert.Equal(["1|NULL|1.50", "2|NULL|NULL"], table.Read());
        Assert.False(reader.IsClosed);
    }

    [Fact]
    public async Task A_reader_of_the_same_connection_may_be_the_source_and_the_call_may_block()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using FlussLakeConnection connection = table.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT i AS id, 'n' || i AS status, (i * 0.25)::DECIMAL(10,2) AS amount FROM range(5000) AS r(i)";
        using (DbDataReader reader = command.ExecuteReader())
        {
            FlussBulkCopy copy = new(connection) { DestinationTableName = "orders" };
            Assert.Equal(5000, copy.WriteToServer(reader));
        }

        Assert.Equal([.. Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant($"{i}|n{i}|{i * 0.25m:0.00}")).Order(StringComparer.Ordinal)], table.Read());
    }

    [Fact]
    public async Task Every_type_that_DuckDB_and_Fluss_share_goes_from_reader_to_table_and_back()
    {
        string[] types = ["BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "STRING", "BYTES", "DECIMAL(38,4)", "DATE", "TIME(3)", "TIMESTAMP(6)", "TIMESTAMP_LTZ(6)"];
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync([.. types.Select((type, i) => $"c{i} {type}")]);
        const string Select = """
            SELECT true AS c0, (-128)::TINYINT AS c1, (-32768)::SMALLINT AS c2, (-2147483648)::INTEGER AS c3, (-9223372036854775808)::BIGINT AS c4, 0.1::FLOAT AS c5, 0.1::DOUBLE AS c6,
                'grün 日本' AS c7, '\x00\xFF'::BLOB AS c8, 1234567890123456789012345678901234.5678::DECIMAL(38,4) AS c9, DATE '1969-12-31' AS c10, TIME '23:59:59.999' AS c11,
                TIMESTAMP '1969-12-31 23:59:59.999999' AS c12, TIMESTAMPTZ '2026-02-03 04:05:06.789012+00' AS c13
            UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            """;
        using FlussLakeConnection connection = table.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = Select;
        using (DbDataReader reader = command.ExecuteReader())
        {
            Assert.Equal(2, await Copy(table).WriteToServerAsync(reader, TestContext.Current.CancellationToken));
        }

        command.CommandText = $"SELECT count(*) FROM (({Select}) EXCEPT ALL SELECT * FROM fluss_read('orders'))";
        Assert.Equal(0L, command.ExecuteScalar());
        command.CommandText = "SELECT count(*) FROM fluss_read('orders')";
        Assert.Equal(2L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Properties_of_objects_become_columns()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["order_id BIGINT NOT NULL", "status STRING", "quantity INT", "ordered_at TIMESTAMP(3)", "note STRING"]);

        Assert.Equal(2, await Copy(table).WriteToServerAsync(
            [new Order(1, "open", 3, new DateTime(2026, 1, 2, 3, 4, 5)), new Order(2, null, null, new DateTime(2026, 1, 1))], TestContext.Current.CancellationToken));

        Assert.Equal(["1|open|3|01/02/2026 03:04:05|NULL", "2|NULL|NULL|01/01/2026 00:00:00|NULL"], table.Read());
    }

    [Fact]
    public async Task Rows_may_come_one_after_the_other_and_as_lists_of_values()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        Assert.Equal(3, await Copy(table).WriteToServerAsync(Lists(3), TestContext.Current.CancellationToken));

        Assert.Equal(["0|open|0.50", "1|open|1.50", "2|open|2.50"], table.Read());
    }

    [Fact]
    public async Task Arrow_batches_arrive_whatever_the_order_of_their_columns()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using RecordBatch first = Batch(("STATUS", new StringArray.Builder().Append("a").AppendNull().Build()), ("id", new Int64Array.Builder().Append(1).Append(2).Build()));
        using RecordBatch second = Batch(("id", new Int32Array.Builder().Append(3).Build()));

        Assert.Equal(3, await Copy(table).WriteToServerAsync([first, second], TestContext.Current.CancellationToken));

        Assert.Equal(["1|a|NULL", "2|NULL|NULL", "3|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task Mappings_send_columns_elsewhere_and_leave_others_out()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.ColumnMappings.Add(new("Number", "id"));
        copy.ColumnMappings.Add(new("Text", "status"));

        await copy.WriteToServerAsync([new { Number = 7, Text = "seven", Ignored = 1.0 }], TestContext.Current.CancellationToken);

        Assert.Equal(["7|seven|NULL"], table.Read());
    }

    [Fact]
    public async Task Progress_is_told_at_every_so_many_rows()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.NotifyAfter = 100;
        List<long> told = [];
        copy.RowsCopied += (sender, progress) =>
        {
            Assert.Same(copy, sender);
            Assert.InRange(progress.RowsAcknowledged, 0, progress.RowsCopied);
            told.Add(progress.RowsCopied);
        };

        Assert.Equal(250, await copy.WriteToServerAsync(Lists(250), TestContext.Current.CancellationToken));

        Assert.Equal([100, 200], told);
        Assert.Equal(250, table.Read().Count);
    }

    [Fact]
    public async Task A_handler_may_end_the_copy_and_the_rows_until_then_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.NotifyAfter = 10;
        copy.RowsCopied += (_, progress) => progress.Abort = progress.RowsCopied == 20;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WriteToServerAsync(Lists(50), TestContext.Current.CancellationToken));

        Assert.Equal(20, table.Read().Count);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_named_with_its_row_and_the_rows_before_it_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync(
            new[] { new { Id = 1L, Amount = 1m }, new { Id = 2L, Amount = 0.001m }, new { Id = 3L, Amount = 3m } }, TestContext.Current.CancellationToken));

        Assert.Contains("Row 2 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'amount'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["1|NULL|1.00"], table.Read());
    }

    [Fact]
    public async Task What_the_source_throws_comes_through_and_the_rows_before_it_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => Copy(table).WriteToServerAsync(Lists(5, new TimeZoneNotFoundException()), TestContext.Current.CancellationToken));

        Assert.Equal(5, table.Read().Count);
    }

    [Fact]
    public async Task A_cancelled_copy_ends_at_once_and_another_one_works()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        copy.NotifyAfter = 1;
        copy.RowsCopied += (_, _) => source.Cancel();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WriteToServerAsync(Waiting(3, TestContext.Current.CancellationToken), source.Token));

        Assert.Equal(source.Token, cancelled.CancellationToken);
        Assert.Equal(2, await Copy(table).WriteToServerAsync(Lists(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_time_out_of_a_copy_ends_it_with_a_TimeoutException_inside()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.BulkCopyTimeout = 1;

        FlussLakeException timeout = await Assert.ThrowsAsync<FlussLakeException>(() => copy.WriteToServerAsync(Waiting(0, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken));

        Assert.IsType<TimeoutException>(timeout.InnerException);
        Assert.Contains("shop.orders", timeout.Message, StringComparison.Ordinal);
        Assert.Contains("BulkCopyTimeout", timeout.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("orders$lake", "half")]
    [InlineData("nowhere.orders", "nowhere")]
    [InlineData("a b", "a b")]
    public async Task A_destination_that_cannot_be_written_is_refused(string destination, string named)
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.DestinationTableName = destination;

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => copy.WriteToServerAsync(Lists(1), TestContext.Current.CancellationToken));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_destination_or_servers_nothing_is_copied()
    {
        FlussBulkCopy copy = new("Database=shop");
        await Assert.ThrowsAsync<InvalidOperationException>(() => copy.WriteToServerAsync(Lists(1), TestContext.Current.CancellationToken));
        copy.DestinationTableName = "orders";
        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => copy.WriteToServerAsync(Lists(1), TestContext.Current.CancellationToken));
        Assert.Contains("Bootstrap Servers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_without_properties_are_refused()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([new object()], TestContext.Current.CancellationToken));

        Assert.Contains("System.Object", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_copy_runs_at_a_time()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.NotifyAfter = 1;
        List<Task> second = [];
        copy.RowsCopied += (_, _) => second.Add(copy.WriteToServerAsync(Lists(1)));

        await copy.WriteToServerAsync(Lists(1), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Assert.Single(second));
        Assert.Single(table.Read());
    }

    private static FlussBulkCopy Copy(EmbeddedTable table) => new(table.ConnectionString) { DestinationTableName = "orders" };

    private static async IAsyncEnumerable<object?[]> Lists(int count, Exception? end = null)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return [(long)i, "open", i + 0.5m];
        }

        if (end is not null)
        {
            throw end;
        }
    }

    private static async IAsyncEnumerable<object?[]> Waiting(int before, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < before; i++)
        {
            yield return [(long)i, "open", null];
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static RecordBatch Batch(params (string Name, IArrowArray Values)[] columns)
    {
        RecordBatch.Builder batch = new();
        foreach ((string name, IArrowArray values) in columns)
        {
            batch.Append(name, nullable: true, values);
        }

        return batch.Build();
    }

    private sealed record Order(long OrderId, string? Status, int? Quantity, DateTime OrderedAt);
}
