using System.Diagnostics;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>A server that falls silent while rows are read: reads end when they are told to, and closing never waits.</summary>
public sealed class StreamingTests
{
    private const string Read = "SELECT id, note FROM fluss_read('orders')";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    public static MatrixTheoryData<StopTrigger, bool> Stops => new(Enum.GetValues<StopTrigger>(), [false, true]);

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task A_read_that_waits_for_the_next_rows_ends_when_it_is_stopped_and_so_does_the_reader(StopTrigger trigger, bool asynchronous)
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open();
        using FlussLakeCommand command = new(Read, connection) { CommandTimeout = StoppedCall.SecondsOf(trigger) };
        log.FallSilentAfterFirstFetch();
        await using (FlussLakeDataReader reader = command.ExecuteReader())
        {
            Assert.True(reader.Read());
            log.UntilSilent();
            long rows = 1;
            using StoppedCall call = asynchronous
                ? new StoppedCall(command, trigger, async (_, token) =>
                {
                    while (await reader.ReadAsync(token))
                    {
                        Interlocked.Increment(ref rows);
                    }
                })
                : new StoppedCall(command, trigger, _ =>
                {
                    while (reader.Read())
                    {
                        Interlocked.Increment(ref rows);
                    }
                });
            await call.StopAsync();

            Assert.InRange(Interlocked.Read(ref rows), 1, LongLog.Rows - 1);
            if (trigger != StopTrigger.Token || !asynchronous)
            {
                // A token that is cancelled between two calls ends the second one alone; everything else ends the reader.
                Type kind = trigger == StopTrigger.Timeout ? typeof(FlussLakeException) : typeof(OperationCanceledException);
                Assert.IsType(kind, Record.Exception(() => reader.Read()), exactMatch: false);
                Assert.IsType(kind, await Record.ExceptionAsync(() => reader.ReadAsync(TestContext.Current.CancellationToken)), exactMatch: false);
            }

            Assert.Equal(0, log.Fluss.Faults.Left);
        }

        LongLog.AssertWorks(connection);
    }

    [Theory]
    [InlineData("reader")]
    [InlineData("reader, asynchronously")]
    [InlineData("connection")]
    [InlineData("connection, asynchronously")]
    public async Task Closing_does_not_wait_for_a_silent_server(string closed)
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open("Command Timeout=0");
        using FlussLakeCommand command = new(Read, connection);
        log.FallSilentAfterFirstFetch();
        FlussLakeDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        log.UntilSilent();

        await Task.Factory.StartNew(() => CloseAsync().GetAwaiter().GetResult(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(s_soon, TestContext.Current.CancellationToken);

        Assert.True(reader.IsClosed);
        if (connection.State == System.Data.ConnectionState.Closed)
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
        }

        LongLog.AssertWorks(connection);

        Task CloseAsync()
        {
            switch (closed)
            {
                case "reader":
                    reader.Close();
                    return Task.CompletedTask;
                case "connection":
                    connection.Close();
                    return Task.CompletedTask;
                default:
                    return closed.StartsWith("reader", StringComparison.Ordinal) ? reader.DisposeAsync().AsTask() : connection.CloseAsync();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_from_another_thread_ends_a_read_that_waits(bool wholeConnection)
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open("Command Timeout=0");
        using FlussLakeCommand command = new(Read, connection);
        log.FallSilentAfterFirstFetch();
        FlussLakeDataReader reader = command.ExecuteReader();
        log.UntilSilent();
        Task reading = Task.Factory.StartNew(
            () =>
            {
                while (reader.Read())
                {
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        await Task.Factory.StartNew(wholeConnection ? connection.Close : reader.Close, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(s_soon, TestContext.Current.CancellationToken);

        // Between two reads the reader is closed, and says so.
        Exception? end = await Record.ExceptionAsync(() => reading.WaitAsync(s_soon, TestContext.Current.CancellationToken));
        Assert.True(end is OperationCanceledException or InvalidOperationException, $"{end}");
        if (wholeConnection)
        {
            connection.Open();
        }

        LongLog.AssertWorks(connection);
    }

    [Fact]
    public async Task Each_read_has_the_whole_time_out_and_time_between_reads_does_not_count()
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open();
        using FlussLakeCommand command = new(Read, connection) { CommandTimeout = 3 };

        // Both together take longer than a call may.
        log.Fluss.Faults.Delay(TimeSpan.FromSeconds(1.6), FlussApi.FetchLog, times: 2);
        long started = Stopwatch.GetTimestamp();
        await using FlussLakeDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        long rows = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows++;
        }

        Assert.Equal(LongLog.Rows, rows);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 3.1, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_reads_all_rows_itself_has_one_time_out_for_all_of_them(bool asynchronous)
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open();
        using FlussLakeCommand command = new(Read, connection);
        log.Fluss.Faults.Delay(TimeSpan.FromSeconds(0.6), FlussApi.FetchLog, times: 100);

        using StoppedCall call = asynchronous
            ? new StoppedCall(command, StopTrigger.Timeout, static (command, token) => command.ExecuteNonQueryAsync(token))
            : new StoppedCall(command, StopTrigger.Timeout, static command => command.ExecuteNonQuery());
        await call.StopAsync();

        log.Fluss.Faults.Clear();
        LongLog.AssertWorks(connection);
    }

    [Fact]
    public async Task Without_a_time_out_a_call_waits_as_long_as_it_takes()
    {
        await using LongLog log = await LongLog.StartAsync();
        await using FlussLakeConnection connection = log.Open("Command Timeout=1");
        using FlussLakeCommand command = new("SELECT count(*) FROM fluss_read('orders')", connection) { CommandTimeout = 0 };
        log.Fluss.Faults.Delay(TimeSpan.FromSeconds(1.5), FlussApi.FetchLog);
        Assert.Equal(LongLog.Rows, command.ExecuteScalar());
    }
}
