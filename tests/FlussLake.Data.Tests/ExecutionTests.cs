using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using FlussLake.Data.Execution;

namespace FlussLake.Data.Tests;

[CollectionDefinition("Thread pool", DisableParallelization = true)]
public sealed class ThreadPoolTests;

/// <summary>Tests that starve the thread pool of the process.</summary>
[Collection("Thread pool")]
public sealed class ExecutionTests
{
    [Fact]
    public async Task Many_queries_finish_on_a_starved_thread_pool()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(2, 2);
        try
        {
            Task[] tasks =
            [
                .. Enumerable.Range(0, 64).Select(static async number =>
                {
                    await using FlussLakeConnection connection = new("Bootstrap Servers=starved:1");
                    Assert.Equal([number], await connection.QueryAsync<int>("SELECT @number", new { number }));
                }),
                .. Enumerable.Range(0, 64).Select(static number => Task.Run(() =>
                {
                    using FlussLakeConnection connection = new("Bootstrap Servers=starved:1");
                    connection.Open();
                    using FlussLakeCommand command = connection.Command($"SELECT {number}");
                    Assert.Equal(number, command.ExecuteScalarAsync().GetAwaiter().GetResult());
                })),
            ];
            await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        finally
        {
            ThreadPool.SetMinThreads(workers, ports);
        }
    }

    /// <summary>Here because other tests have threads and handles too.</summary>
    [Fact]
    public void A_thousand_open_and_close_cycles_leave_no_threads_and_no_handles()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Counts /proc.");
        Cycle(50);
        int threads = Directory.GetDirectories("/proc/self/task").Length;
        int handles = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        Cycle(1000);

        Assert.InRange(Directory.GetDirectories("/proc/self/task").Length, 1, threads + 8);
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 1, handles + 16);

        static void Cycle(int count)
        {
            for (int round = 0; round < count; round++)
            {
                using FlussLakeConnection connection = TestConnection.Open("Bootstrap Servers=cycle:1");
                using FlussLakeCommand command = connection.Command("SELECT 1");
                Assert.Equal(1, command.ExecuteScalarAsync(TestContext.Current.CancellationToken).Result);
            }
        }
    }

    /// <summary>Here because the temp folder is the whole process's.</summary>
    [Fact]
    public void Without_a_writable_temp_folder_each_connection_has_an_instance_of_its_own()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The variable has another name there.");
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", "/nonexistent/folder");
        try
        {
            using FlussLakeConnection first = TestConnection.Open("Bootstrap Servers=notemp:1");
            using FlussLakeConnection second = TestConnection.Open("Bootstrap Servers=notemp:1");
            first.Run("CREATE TABLE t AS SELECT 1 AS x");
            first.Run("SET GLOBAL default_null_order = 'nulls_first'");
            Assert.Equal(1, first.Scalar("SELECT x FROM t"));
            Assert.NotEqual("NULLS_FIRST", second.Scalar("SELECT current_setting('default_null_order')"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }

    [Fact]
    [SuppressMessage("Usage", "xUnit1031:Do not use blocking task operations in test method", Justification = "Blocking is what is tested.")]
    public void A_time_out_fires_while_every_pool_thread_is_blocked()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(2, 2);
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim blocked = new();
        int started = 0;
        Task[] blockers = [.. Enumerable.Range(0, 32).Select(_ => Task.Run(() =>
        {
            if (Interlocked.Increment(ref started) == 2)
            {
                blocked.Set();
            }

            release.Wait();
        }))];
        try
        {
            blocked.Wait(TestContext.Current.CancellationToken);
            using FlussLakeConnection connection = TestConnection.Open();
            using FlussLakeCommand command = connection.Command("SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1", timeout: 1);
            Stopwatch watch = Stopwatch.StartNew();
            Assert.Throws<FlussLakeException>(command.ExecuteScalar);
            Assert.Throws<FlussLakeException>(() => command.ExecuteScalarAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult());
            Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.8), TimeSpan.FromSeconds(10));
        }
        finally
        {
            release.Set();
            Task.WaitAll(blockers, TestContext.Current.CancellationToken);
            ThreadPool.SetMinThreads(workers, ports);
        }
    }

    [Fact]
    public async Task Waiting_for_a_thread_ends_with_the_token_and_with_the_time_out()
    {
        using ManualResetEventSlim release = new();
        Task<bool>[] busy = [.. Enumerable.Range(0, 4 * Math.Max(8, 4 * Environment.ProcessorCount)).Select(_ => ExecutionThreads.Run(
            () =>
            {
                release.Wait();
                return true;
            },
            TimeSpan.Zero,
            CancellationToken.None))];
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeCommand command = connection.Command("SELECT 1", timeout: 0);
        using FlussLakeCommand slow = connection.Command("SELECT 2", timeout: 1);
        Task call = command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        command.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<FlussLakeException>(() => slow.ExecuteScalarAsync(TestContext.Current.CancellationToken))).InnerException);
        using CancellationTokenSource source = new();
        Task<bool> cancelled = ExecutionThreads.Run(static () => true, TimeSpan.Zero, source.Token);
        Task<bool> late = ExecutionThreads.Run(static () => true, TimeSpan.FromMilliseconds(50), CancellationToken.None);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAsync<FlussLakeException>(() => late);
        release.Set();
        Assert.All(await Task.WhenAll(busy), Assert.True);
        Assert.Equal(2, await slow.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Work_sees_the_callers_context_and_its_failures_reach_the_caller()
    {
        AsyncLocal<int> local = new() { Value = 7 };
        Assert.Equal(7, await ExecutionThreads.Run(() => local.Value, TimeSpan.Zero, CancellationToken.None));
        await Assert.ThrowsAsync<FormatException>(() => ExecutionThreads.Run<int>(static () => throw new FormatException(), TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task A_million_asynchronous_reads_do_not_change_threads_a_million_times()
    {
        await using FlussLakeConnection connection = TestConnection.Open();
        await using FlussLakeDataReader reader = await connection.Command("SELECT x FROM range(1000000) t(x)").ExecuteReaderAsync(TestContext.Current.CancellationToken);
        int waited = 0;
        int rows = 0;
        while (true)
        {
            Task<bool> read = reader.ReadAsync(TestContext.Current.CancellationToken);
            waited += read.IsCompleted ? 0 : 1;
            if (!await read)
            {
                break;
            }

            rows++;
        }

        Assert.Equal(1_000_000, rows);
        Assert.InRange(waited, 0, 2_000);
    }

    [Fact]
    public void Deadlines_fire_in_order_and_not_when_disposed()
    {
        List<int> fired = [];
        using ManualResetEventSlim done = new();
        using Deadline second = Deadlines.Schedule(TimeSpan.FromMilliseconds(60), () => fired.Add(2));
        using Deadline first = Deadlines.Schedule(TimeSpan.FromMilliseconds(20), () => fired.Add(1));
        Deadline never = Deadlines.Schedule(TimeSpan.FromMilliseconds(40), () => fired.Add(0));
        using Deadline last = Deadlines.Schedule(TimeSpan.FromMilliseconds(100), done.Set);
        never.Dispose();
        done.Wait(TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], fired);
    }
}
