using System.Data;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlussLake.Data.Execution;

namespace FlussLake.Data.Tests;

/// <summary>A Cancel that races with the end of its statement, or comes when there is none.</summary>
public sealed class LateCancelTests : IDisposable
{
    private const string Long = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1";

    private readonly FlussLakeConnection _connection = TestConnection.Open();

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [SuppressMessage("Usage", "xUnit1031:Do not use blocking task operations in test method", Justification = "The thread is not the thread pool's.")]
    public void A_thousand_inserts_with_a_cancel_at_any_moment_have_happened_exactly_where_they_succeeded(bool withToken)
    {
        _connection.Run("CREATE TABLE t (x INT)");
        Random random = new(20250311);
        List<int> succeeded = [];
        int cancelled = 0;
        for (int round = 0; round < 1000; round++)
        {
            using FlussLakeCommand command = _connection.Command($"INSERT INTO t SELECT {round} FROM range(5000) r(x) WHERE x % 5000 = 0" + (round % 4 < 2 ? "" : " RETURNING x"));
            using CancellationTokenSource source = new();
            int spins = random.Next(40_000);
            Thread canceller = new(() =>
            {
                Thread.SpinWait(spins);
                if (withToken)
                {
                    source.Cancel();
                }
                else
                {
                    command.Cancel();
                }
            });
            canceller.Start();
            try
            {
                object? result = (round % 4) switch
                {
                    0 => withToken ? command.ExecuteNonQueryAsync(source.Token).GetAwaiter().GetResult() : command.ExecuteNonQuery(),
                    1 => command.ExecuteNonQueryAsync(source.Token).GetAwaiter().GetResult(),
                    2 => withToken ? command.ExecuteScalarAsync(source.Token).GetAwaiter().GetResult() : command.ExecuteScalar(),
                    _ => command.ExecuteScalarAsync(source.Token).GetAwaiter().GetResult(),
                };
                Assert.Equal(round % 4 < 2 ? 1 : round, result);
                succeeded.Add(round);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            if (round % 2 == 0)
            {
                // The next statement, with the canceller perhaps still on its way.
                Assert.Equal(succeeded.Count, Convert.ToInt32(_connection.Scalar("SELECT count(*) FROM t"), null));
            }

            canceller.Join();
        }

        Assert.Equal(string.Join(',', succeeded), _connection.Scalar("SELECT string_agg(x, ',' ORDER BY x) FROM t"));
        Assert.InRange(cancelled, 1, 999);
    }

    [Fact]
    public async Task A_cancel_right_after_an_asynchronous_call_reaches_it()
    {
        for (int round = 0; round < 50; round++)
        {
            using FlussLakeCommand command = _connection.Command(Long, timeout: 0);
            Task call = (round % 3) switch
            {
                0 => command.ExecuteReaderAsync(TestContext.Current.CancellationToken),
                1 => command.ExecuteScalarAsync(TestContext.Current.CancellationToken),
                _ => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken),
            };
            command.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            Assert.True(call.IsCanceled);

            // Nor does that Cancel reach what the same command runs next.
            command.CommandText = "SELECT 1";
            Assert.Equal(1, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void The_cancel_of_one_command_does_not_end_the_statement_of_another()
    {
        using FlussLakeCommand first = _connection.Command("SELECT 1");
        Assert.Equal(1, first.ExecuteScalar());
        int calls = 0;
        _connection.RegisterScalarFunction<long, bool>("cancels_another", (long _) =>
        {
            first.Cancel();
            calls++;
            return true;
        });
        Assert.Equal(5000L, _connection.Scalar("SELECT count(*) FROM range(5000) t(x) WHERE cancels_another(x)"));
        Assert.True(calls > 0);
    }

    [Fact]
    public void A_command_may_be_cancelled_by_many_threads_before_after_and_instead_of_its_statement()
    {
        using FlussLakeCommand never = _connection.Command("SELECT 1");
        never.Cancel();
        never.Cancel();
        FlussLakeCommand command = _connection.Command(Long, timeout: 0);
        bool ended = false;
        Thread[] cancellers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            SpinWait.SpinUntil(() => _connection.Session!.Statement is not null || Volatile.Read(ref ended));
            while (!Volatile.Read(ref ended))
            {
                command.Cancel();
            }
        }))];
        Array.ForEach(cancellers, static canceller => canceller.Start());
        Exception? end = Record.Exception(command.ExecuteScalar);
        Volatile.Write(ref ended, true);
        Assert.IsType<OperationCanceledException>(end);
        Array.ForEach(cancellers, static canceller => canceller.Join());
        command.Dispose();
        command.Cancel();
        Assert.Equal(1, never.ExecuteScalar());
    }

    [Fact]
    public void A_refused_call_of_a_command_leaves_the_cancel_of_its_open_reader_as_it_was()
    {
        using FlussLakeCommand command = _connection.Command("SELECT x FROM range(100000000000) t(x)");
        using FlussLakeDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Throws<InvalidOperationException>(() => command.ExecuteReader());
        command.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (reader.Read())
            {
            }
        });
    }

    [Fact]
    public void Rows_that_a_change_returns_can_be_read_although_it_is_cancelled_when_it_is_done()
    {
        _connection.Run("CREATE TABLE t (x INT)");
        using FlussLakeCommand command = _connection.Command("INSERT INTO t SELECT x FROM range(10000) r(x) RETURNING x");
        using FlussLakeDataReader reader = command.ExecuteReader();
        command.Cancel();
        int rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        reader.Close();
        Assert.Equal(10_000, rows);
        Assert.Equal(10_000L, _connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_cancel_that_was_too_late_for_its_statement_does_not_end_the_reading_of_its_rows()
    {
        StatementExecution execution = _connection.BeginExecution(TimeSpan.Zero, true, "The test");
        DuckDBCommand command = new("SELECT range FROM range(7000)", _connection);
        execution.Enter();
        DuckDBDataReader inner = command.ExecuteReader();
        execution.Inner = inner;
        execution.Stop(StopReason.Cancelled);
        execution.Done();
        execution.Exit();
        await using FlussLakeDataReader reader = new(_connection, execution, inner, CommandBehavior.Default, -1);
        _connection.ReaderOpened(reader);

        long rows = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(rows++, reader.GetInt64(0));
        }

        Assert.Equal(7000, rows);
    }
}
