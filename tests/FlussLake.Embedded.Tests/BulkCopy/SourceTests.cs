using System.Data;
using System.Data.Common;
using Apache.Arrow;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Tests.BulkCopy;

/// <summary>What sources of odd kinds do to a copy.</summary>
public sealed class SourceTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "status STRING", "amount DECIMAL(10,2)"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_property_is_read_once_a_row_so_that_its_value_and_its_bucket_agree()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            s_columns, change: descriptor => descriptor with { BucketKeys = ["id"], PartitionKeys = ["status"], BucketCount = 4 });
        Counting[] rows = [.. Enumerable.Range(0, 100).Select(_ => new Counting())];

        await Copy(table).WriteToServerAsync(rows, Token);

        Assert.All(rows, row => Assert.Equal((1, 1), row.Given()));
        Assert.Equal([("s1", 100L)], await RowsByPartition(table));
    }

    [Fact]
    public async Task A_property_that_throws_is_named_with_its_row_and_the_rows_before_it_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussLakeException failure = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([new Moody(1), new Moody(-1)], Token));

        Assert.IsType<ArithmeticException>(failure.InnerException);
        Assert.Contains("Row 2 ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'Id'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task A_row_that_is_null_is_named()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussLakeException objects = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([new Moody(1), null!], Token));
        FlussLakeException lists = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync(new object?[][] { [2L, null, null], null! }, Token));

        Assert.Contains("Row 2 of the source cannot be written: it is null", objects.Message, StringComparison.Ordinal);
        Assert.Contains("Row 2 of the source cannot be written: it is null", lists.Message, StringComparison.Ordinal);
        Assert.Equal(["1|NULL|NULL", "2|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task Structs_and_interfaces_and_hidden_properties_give_their_columns()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        await Copy(table).WriteToServerAsync([new Point { Id = 1, Amount = 2 }, default], Token);
        await Copy(table).WriteToServerAsync(new IStated[] { new Stated() }, Token);
        await Copy(table).WriteToServerAsync([new Narrowed()], Token);

        Assert.Equal(["0|NULL|NULL", "1|NULL|2.00", "3|stated|NULL", "4|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task Values_of_enums_and_Guids_are_refused_with_what_to_give()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussLakeException enums = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([new { Id = DayOfWeek.Friday }], Token));
        FlussLakeException guids = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([new { Id = 1, Status = Guid.Empty }], Token));

        Assert.Contains("give an integer", enums.Message, StringComparison.Ordinal);
        Assert.Contains("give a string", guids.Message, StringComparison.Ordinal);
        Assert.Contains("'status'", guids.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instant_without_a_zone_is_refused_with_its_row_and_what_to_give()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["at TIMESTAMP_LTZ(3)"]);

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(
            () => Copy(table).WriteToServerAsync([new { At = DateTime.UnixEpoch }, new { At = new DateTime(2026, 1, 1) }], Token));

        Assert.Contains("Row 2 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'at'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Give a DateTimeOffset", refusal.Message, StringComparison.Ordinal);
        Assert.Single(table.Read());
    }

    [Fact]
    public async Task A_database_whose_values_have_types_of_their_own_garbles_nothing()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using SqliteConnection sqlite = new("Data Source=:memory:");
        sqlite.Open();
        using SqliteCommand command = sqlite.CreateCommand();
        command.CommandText = "SELECT 1 AS id, 'a' AS status UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 'c' UNION ALL SELECT 4.5, 'd'";
        using DbDataReader reader = command.ExecuteReader();

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync(reader, Token));

        Assert.Contains("Row 4 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'id'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["1|a|NULL", "2|NULL|NULL", "3|c|NULL"], table.Read());
    }

    [Fact]
    public async Task A_reader_that_gives_values_of_another_type_than_it_says_is_read_by_what_it_gives()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using DataTable source = new();
        source.Columns.Add("id", typeof(object));
        source.Rows.Add(1L);
        source.Rows.Add((short)2);
        source.Rows.Add("three");
        using LyingReader reader = new(source);

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync(reader, Token));

        Assert.Contains("Row 3 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'id'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["1|NULL|NULL", "2|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task Columns_are_read_in_the_order_of_the_reader_and_each_once()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, change: descriptor => descriptor with { BucketKeys = ["id"], BucketCount = 2 });
        using DataTable source = new();
        source.Columns.Add("status", typeof(string));
        source.Columns.Add("id", typeof(long));
        source.Rows.Add("a", 1L);
        using SequentialReader reader = new(source);

        await Copy(table).WriteToServerAsync(reader, Token);

        Assert.Equal(["1|a|NULL"], table.Read());
    }

    [Fact]
    public async Task A_source_without_columns_and_one_with_a_column_twice_are_refused()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["status STRING"]);
        using RecordBatch empty = new(new Schema([], null), [], 5);
        using FlussLakeConnection connection = table.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT 'a' AS status, 'b' AS status";
        using DbDataReader twice = command.ExecuteReader();
        FlussBulkCopy mapped = Copy(table);
        mapped.ColumnMappings.Add(new("status", "status"));

        FlussLakeException none = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync([empty], Token));
        FlussLakeException both = await Assert.ThrowsAsync<FlussLakeException>(() => Copy(table).WriteToServerAsync(twice, Token));
        FlussLakeException which = await Assert.ThrowsAsync<FlussLakeException>(() => mapped.WriteToServerAsync(twice, Token));

        Assert.Contains("no columns", none.Message, StringComparison.Ordinal);
        Assert.Contains("'status'", both.Message, StringComparison.Ordinal);
        Assert.Contains("two columns 'status'", which.Message, StringComparison.Ordinal);
        Assert.Empty(table.Read());
    }

    [Fact]
    public async Task Mappings_go_for_Arrow_batches_too()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using RecordBatch batch = new RecordBatch.Builder()
            .Append("Left Out", nullable: true, new Int64Array.Builder().Append(9).Build())
            .Append("Number", nullable: true, new Int64Array.Builder().Append(7).Build())
            .Build();
        FlussBulkCopy copy = Copy(table);
        copy.ColumnMappings.Add(new("Number", "id"));

        await copy.WriteToServerAsync([batch], Token);

        Assert.Equal(["7|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task A_partition_that_is_not_created_is_named_with_its_row_and_the_rows_before_it_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT", "day STRING"], change: descriptor => descriptor with { PartitionKeys = ["day"] });
        await table.Client.CreatePartitionAsync(EmbeddedTable.Path, new Dictionary<string, string> { ["day"] = "monday" }, cancellationToken: Token);
        FlussBulkCopy copy = Copy(table);
        copy.WriterOptions = new AppendWriterOptions { CreatePartitions = false, Linger = TimeSpan.FromMinutes(10) };

        FlussLakeException refusal = await Assert.ThrowsAsync<FlussLakeException>(
            () => copy.WriteToServerAsync([new { Id = 1, Day = "monday" }, new { Id = 2, Day = "tuesday" }], Token));

        Assert.Equal(FlussErrorCode.PartitionNotExists, refusal.ServerErrorCode);
        Assert.Contains("Row 2 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tuesday", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([("monday", 1L)], await RowsByPartition(table));
    }

    [Fact]
    public async Task What_a_source_throws_is_never_taken_for_a_row_or_a_failure_of_the_writer()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.WriterOptions = new AppendWriterOptions { Linger = TimeSpan.FromMinutes(10) };

        ArgumentException argument = await Assert.ThrowsAsync<ArgumentException>(() => copy.WriteToServerAsync(Failing(1, new ArgumentException("of the source")), Token));
        FlussLakeException fluss = await Assert.ThrowsAsync<FlussLakeException>(
            () => copy.WriteToServerAsync(Failing(2, new FlussException("of the source", FlussErrorCode.TableNotExist)), Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WriteToServerAsync(Failing(3, new OperationCanceledException("of the source")), Token));

        Assert.Equal("of the source", argument.Message);
        Assert.Equal("of the source", fluss.Message);
        Assert.Equal(["1|NULL|NULL", "2|NULL|NULL", "3|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task What_a_handler_or_the_end_of_an_enumeration_throws_comes_through_and_the_rows_are_written()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        FlussBulkCopy copy = Copy(table);
        copy.WriterOptions = new AppendWriterOptions { Linger = TimeSpan.FromMinutes(10) };
        copy.NotifyAfter = 1;
        copy.RowsCopied += (_, progress) => throw new ArgumentException("of the handler");

        ArgumentException handler = await Assert.ThrowsAsync<ArgumentException>(() => copy.WriteToServerAsync([new Moody(1), new Moody(2)], Token));
        copy.NotifyAfter = 0;
        InvalidDataException end = await Assert.ThrowsAsync<InvalidDataException>(() => copy.WriteToServerAsync(new BadlyEnding(3), Token));

        Assert.Equal(("of the handler", "of the end"), (handler.Message, end.Message));
        Assert.Equal(["1|NULL|NULL", "3|NULL|NULL"], table.Read());
    }

    [Fact]
    public async Task A_blocking_copy_on_a_thread_with_a_context_of_its_own_ends()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using DataTable source = new();
        source.Columns.Add("id", typeof(long));
        for (long i = 0; i < 3000; i++)
        {
            source.Rows.Add(i);
        }

        TaskCompletionSource<long> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            // Nobody runs what is posted here while the thread blocks.
            SynchronizationContext.SetSynchronizationContext(new NeverRun());
            try
            {
                using DbDataReader reader = source.CreateDataReader();
                FlussBulkCopy copy = Copy(table);
                copy.WriterOptions = new AppendWriterOptions { BatchBytes = 1024, BufferMemory = 1024 };
                done.SetResult(copy.WriteToServer(reader));
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        { IsBackground = true };
        thread.Start();

        Assert.Equal(3000, await done.Task.WaitAsync(TimeSpan.FromMinutes(2), Token));
        Assert.Equal(3000, table.Read().Count);
    }

    private static FlussBulkCopy Copy(EmbeddedTable table) => new(table.ConnectionString) { DestinationTableName = "orders" };

    private static async Task<List<(string Partition, long Rows)>> RowsByPartition(EmbeddedTable table)
    {
        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path, Token);
        List<(string Partition, long Rows)> rows = [];
        foreach (PartitionInfo partition in await table.Client.ListPartitionsAsync(EmbeddedTable.Path, Token))
        {
            int[] buckets = [.. Enumerable.Range(0, info.BucketCount)];
            rows.Add((partition.Name, (await table.Client.ListOffsetsAsync(info, partition.PartitionId, buckets, OffsetSpec.Latest, Token)).Values.Sum()));
        }

        return rows;
    }

    private static async IAsyncEnumerable<object?[]> Failing(long id, Exception failure)
    {
        await Task.Yield();
        yield return [id, null, null];
        throw failure;
    }


    private sealed class Counting
    {
        private int _ids;
        private int _statuses;

        public long Id => ++_ids;

        public string Status => $"s{++_statuses}";

        public (int Ids, int Statuses) Given() => (_ids, _statuses);
    }

    private sealed class Moody(long id)
    {
        public long Id => id >= 0 ? id : throw new ArithmeticException("moody");
    }

    private struct Point
    {
        public long Id { get; set; }

        public decimal? Amount { get; set; }
    }

    private interface IIdentified
    {
        long Id { get; }
    }

    private interface IStated : IIdentified
    {
        string Status { get; }
    }

    private sealed class Stated : IStated
    {
        public long Id => 3;

        public string Status => "stated";
    }

    private class Wide
    {
        public object Id { get; } = "wide";
    }

    private sealed class Narrowed : Wide
    {
        public new long Id { get; } = 4;
    }

    /// <summary>Says long of every column.</summary>
    private sealed class LyingReader(DataTable table) : SourceReader(table)
    {
        public override Type GetFieldType(int ordinal) => typeof(long);
    }

    /// <summary>Gives each value once, and none in front of the last one given.</summary>
    private sealed class SequentialReader(DataTable table) : SourceReader(table)
    {
        private int _last = -1;

        public override Task<bool> ReadAsync(CancellationToken cancellationToken)
        {
            _last = -1;
            return base.ReadAsync(cancellationToken);
        }

        public override object GetValue(int ordinal)
        {
            _last = ordinal > _last ? ordinal : throw new InvalidOperationException($"Column {ordinal} is behind.");
            return base.GetValue(ordinal);
        }
    }

    private sealed class BadlyEnding(long id) : IAsyncEnumerable<object?[]>, IAsyncEnumerator<object?[]>
    {
        private bool _given;

        public object?[] Current => [id, null, null];

        public IAsyncEnumerator<object?[]> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(!_given && (_given = true));

        public ValueTask DisposeAsync() => ValueTask.FromException(new InvalidDataException("of the end"));
    }

    private sealed class NeverRun : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
