using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Data.Execution;
using FlussLake.Data.Sessions;

namespace FlussLake.Data.Tests;

public sealed class CancellationTests : IDisposable
{
    // Hours of work that gives no row before its end.
    private const string Long = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1";
    private const string Endless = "SELECT x FROM range(100000000000) t(x)";

    private readonly FlussLakeConnection _connection = TestConnection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Cancel_from_another_thread_ends_a_call_soon()
    {
        using FlussLakeCommand command = _connection.Command(Long);
        Thread canceller = new(() =>
        {
            SpinWait.SpinUntil(() => _connection.Session!.Statement is not null);
            command.Cancel();
        });
        canceller.Start();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(command.ExecuteScalar);
        canceller.Join();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        AssertWorks();
    }

    [Fact]
    public void An_interrupt_that_nobody_asked_for_is_an_error_and_no_cancellation()
    {
        using ManualResetEventSlim runs = new();
        _connection.RegisterScalarFunction<long, bool>("runs", (long _) =>
        {
            runs.Set();
            return true;
        });
        using FlussLakeCommand command = _connection.Command("SELECT count(*) FROM range(100000000000) t(x) WHERE runs(x)");

        // As an error on another of DuckDB's threads does, while the statement runs: before that, it would be lost or hit the preparation.
        Thread interrupter = new(() =>
        {
            runs.Wait();
            _connection.NativeConnection.Interrupt();
        });
        interrupter.Start();

        FlussLakeException failure = Assert.Throws<FlussLakeException>(command.ExecuteScalar);

        interrupter.Join();
        Assert.IsType<OperationCanceledException>(failure.InnerException);
        Assert.True(failure.IsTransient);
        AssertWorks();
    }

    [Fact]
    public async Task A_token_cancels_each_asynchronous_call()
    {
        foreach (Func<FlussLakeCommand, CancellationToken, Task> call in new Func<FlussLakeCommand, CancellationToken, Task>[]
        {
            static (command, token) => command.ExecuteScalarAsync(token),
            static (command, token) => command.ExecuteNonQueryAsync(token),
            static (command, token) => command.ExecuteReaderAsync(token),
        })
        {
            using CancellationTokenSource source = new();
            using FlussLakeCommand command = _connection.Command(Long);
            Task task = call(command, source.Token);
            SpinWait.SpinUntil(() => _connection.Session!.Statement is not null);
            await source.CancelAsync();
            OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.Equal(source.Token, error.CancellationToken);
            Assert.True(task.IsCanceled);
            AssertWorks();
        }
    }

    [Fact]
    public async Task A_token_that_is_cancelled_before_the_call_runs_nothing()
    {
        CancellationToken cancelled = new(true);
        using FlussLakeCommand command = _connection.Command("CREATE TABLE t (x INT)");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteReaderAsync(cancelled));
        Assert.Throws<DuckDBException>(() => _connection.Scalar("SELECT * FROM t"));
    }

    [Fact]
    public async Task A_token_cancels_a_read_and_the_reader_does_not_go_on()
    {
        using CancellationTokenSource source = new();

        // Rows, more than DuckDB buffers before it gives the first, and then none for hours.
        using FlussLakeDataReader reader = _connection.Command("SELECT x FROM range(100000000000) t(x) WHERE x < 1000000").ExecuteReader();
        Task<bool> read;
        do
        {
            read = reader.ReadAsync(source.Token);
            await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
        }
        while (read.IsCompleted);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.ThrowsAny<OperationCanceledException>(() => reader.Read());
        reader.Close();
        AssertWorks();
    }

    [Fact]
    public void Cancel_while_a_reader_is_idle_stops_its_next_read()
    {
        using FlussLakeCommand command = _connection.Command(Endless);
        using (FlussLakeDataReader reader = command.ExecuteReader())
        {
            Assert.True(reader.Read());
            command.Cancel();
            Assert.Throws<OperationCanceledException>(() =>
            {
                while (reader.Read())
                {
                }
            });
        }

        AssertWorks();
    }

    [Fact]
    public void A_late_cancel_does_not_reach_the_next_statement()
    {
        for (int round = 0; round < 300; round++)
        {
            using FlussLakeCommand first = _connection.Command("SELECT count(*) FROM range(1000)");
            Assert.Equal(1000L, first.ExecuteScalar());
            Thread canceller = new(first.Cancel);
            canceller.Start();
            Assert.Equal(20000L, _connection.Scalar("SELECT count(*) FROM range(20000)"));
            canceller.Join();
        }
    }

    [Fact]
    [SuppressMessage("Usage", "xUnit1031:Do not use blocking task operations in test method", Justification = "The thread is not the thread pool's.")]
    public void A_cancel_at_any_moment_gives_the_result_or_a_cancellation_and_the_connection_works_on()
    {
        int cancelled = 0;
        for (int round = 0; round < 300; round++)
        {
            using FlussLakeCommand command = _connection.Command("SELECT count(*) FROM range(3000000) t(x) WHERE x % 3 = 0");
            using CancellationTokenSource source = new();
            int spins = round * 200;
            Thread canceller = new(() =>
            {
                Thread.SpinWait(spins);
                source.Cancel();
            });
            canceller.Start();
            try
            {
                Assert.Equal(1000000L, command.ExecuteScalarAsync(source.Token).GetAwaiter().GetResult());
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            canceller.Join();
            Assert.Equal(round, _connection.Scalar($"SELECT {round}"));
        }

        Assert.InRange(cancelled, 1, 300);
    }

    [Fact]
    public void Cancel_without_a_statement_does_nothing()
    {
        using FlussLakeCommand command = _connection.Command("SELECT 1");
        command.Cancel();
        Assert.Equal(1, command.ExecuteScalar());
        command.Cancel();
        Assert.Equal(1, command.ExecuteScalar());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_takes_too_long_times_out(bool asynchronous)
    {
        using FlussLakeCommand command = _connection.Command(Long, timeout: 1);
        Stopwatch watch = Stopwatch.StartNew();
        FlussLakeException error = asynchronous
            ? await Assert.ThrowsAsync<FlussLakeException>(() => command.ExecuteScalarAsync(TestContext.Current.CancellationToken))
            : Assert.Throws<FlussLakeException>(command.ExecuteScalar);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        Assert.IsType<TimeoutException>(error.InnerException);
        Assert.True(error.IsTransient);
        Assert.Contains("Command Timeout", error.Message, StringComparison.Ordinal);
        AssertWorks();
    }

    [Fact]
    public void Reads_and_changes_time_out_too()
    {
        using (FlussLakeDataReader reader = _connection.Command("SELECT 1; " + Long, timeout: 1).ExecuteReader())
        {
            Assert.True(reader.Read());
            Assert.Throws<FlussLakeException>(() => reader.NextResult());
        }

        Assert.IsType<TimeoutException>(Assert.Throws<FlussLakeException>(() => _connection.Command("CREATE TABLE t AS " + Long, timeout: 1).ExecuteNonQuery()).InnerException);
        AssertWorks();
    }

    [Fact]
    public void Time_between_calls_does_not_count()
    {
        using FlussLakeDataReader reader = _connection.Command(Endless, timeout: 1).ExecuteReader();
        Assert.True(reader.Read());
        using ManualResetEventSlim passed = new();
        using Deadline deadline = Deadlines.Schedule(TimeSpan.FromSeconds(1.5), passed.Set);
        passed.Wait(TestContext.Current.CancellationToken);
        for (int row = 0; row < 10000; row++)
        {
            Assert.True(reader.Read());
        }
    }

    [Fact]
    public void The_time_out_is_that_of_the_connection_string_unless_the_command_has_one()
    {
        using FlussLakeConnection connection = new("Command Timeout=7");
        using FlussLakeCommand command = connection.CreateCommand();
        Assert.Equal(7, command.CommandTimeout);
        command.CommandTimeout = 0;
        Assert.Equal(0, command.CommandTimeout);
        Assert.Throws<ArgumentOutOfRangeException>(() => command.CommandTimeout = -1);
        using FlussLakeCommand loose = new();
        Assert.Equal(30, loose.CommandTimeout);
        loose.Connection = connection;
        Assert.Equal(7, loose.CommandTimeout);
    }

    [Fact]
    public void Closing_the_connection_from_another_thread_ends_the_call_that_runs()
    {
        using FlussLakeCommand command = _connection.Command(Long);
        Thread closer = new(() =>
        {
            SpinWait.SpinUntil(() => _connection.Session?.Statement is not null);
            _connection.Close();
        });
        closer.Start();
        Assert.ThrowsAny<Exception>(command.ExecuteScalar);
        closer.Join();
        _connection.Open();
        AssertWorks();
    }

    [Fact]
    public void A_failure_that_a_callback_kept_leaves_as_what_it_is()
    {
        FlussLakeException error = Assert.Throws<FlussLakeException>(() => Fail(new FlussException("table is gone", FlussErrorCode.TableNotExist)));
        Assert.Equal(FlussErrorCode.TableNotExist, error.ServerErrorCode);
        Assert.Equal("42P01", error.SqlState);
        Assert.IsType<FlussException>(error.InnerException);
        Assert.False(error.IsTransient);

        Assert.True(Assert.Throws<FlussLakeException>(() => Fail(new FlussException("lost", FlussErrorCode.NetworkFailure))).IsTransient);
        Assert.IsType<FileNotFoundException>(Assert.Throws<FlussLakeException>(() => Fail(new FileNotFoundException("x"))).InnerException);
        FlussLakeException own = new("mine");
        Assert.Same(own, Assert.Throws<FlussLakeException>(() => Fail(own)));
        Assert.Throws<OperationCanceledException>(() => Fail(new OperationCanceledException()));
        AssertWorks();

        // The scan of a statement that failed ends like one that is complete.
        void Fail(Exception failure)
        {
            using FlussLakeDataReader reader = _connection.Command("SELECT 1").ExecuteReader();
            StatementScope scope = _connection.Session!.Statement!;
            scope.Fail(failure);
            Assert.True(reader.Read());
            reader.Read();
        }
    }

    [Fact]
    public void Closing_a_reader_trips_the_statements_token()
    {
        FlussLakeDataReader reader = _connection.Command(Endless).ExecuteReader();
        CancellationToken token = _connection.Session!.Statement!.Token;
        Assert.False(token.IsCancellationRequested);
        reader.Close();
        Assert.True(token.IsCancellationRequested);
    }

    private void AssertWorks()
    {
        Assert.Equal(ConnectionStateOpen, _connection.State);
        Assert.Equal(100000L, _connection.Scalar("SELECT count(*) FROM range(100000)"));
    }

    private const System.Data.ConnectionState ConnectionStateOpen = System.Data.ConnectionState.Open;
}
