using System.Data.Common;
using System.Diagnostics;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>
/// Queries finish where the thread pool has no thread to spare. A query that needed one would wait for the pool to grow, by one or two threads a second: much longer than
/// the same queries take on threads of their own.
/// </summary>
[Collection(nameof(Alone))]
public sealed class StarvationTests(MainCluster main) : ClusterTest(main)
{
    private const int Queries = 64;
    private const double Ratio = 3;

    // Below this even three times the yardstick says nothing on a busy machine; a starved pool takes longer.
    private static readonly TimeSpan s_floor = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Sixty_four_asynchronous_queries_at_once_finish_with_two_pool_threads()
    {
        string sql = Prepare();
        TimeSpan yardstick = OnOwnThreads(sql);
        using PoolThreads two = new(2);
        CancellationToken token = TestContext.Current.CancellationToken;
        Stopwatch clock = Stopwatch.StartNew();

        (long Count, long Last)[] answers = await Task.WhenAll(Enumerable.Range(0, Queries).Select(async _ =>
        {
            await using DbConnection connection = Provider.Create(ConnectionString());
            await connection.OpenAsync(token);
            return await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(sql, cancellationToken: token));
        }));

        AssertInTime(clock.Elapsed, yardstick);
        Assert.All(answers, answer => Assert.Equal((150L, 149L), answer));
    }

    [Fact]
    public async Task Sixty_four_synchronous_queries_on_pool_threads_finish_with_two_of_them()
    {
        string sql = Prepare();
        TimeSpan yardstick = OnOwnThreads(sql);
        using PoolThreads two = new(2);
        Stopwatch clock = Stopwatch.StartNew();

        (long Count, long Last)[] answers = await Task.WhenAll(Enumerable.Range(0, Queries).Select(_ => Task.Run(() => Query(sql), TestContext.Current.CancellationToken)));

        AssertInTime(clock.Elapsed, yardstick);
        Assert.All(answers, answer => Assert.Equal((150L, 149L), answer));
    }

    private static void AssertInTime(TimeSpan elapsed, TimeSpan yardstick)
    {
        TimeSpan limit = TimeSpan.FromTicks(Math.Max(s_floor.Ticks, (long)(yardstick.Ticks * Ratio)));
        Assert.True(elapsed <= limit, $"{Queries} queries took {elapsed.TotalMilliseconds:N0} ms; on own threads they take {yardstick.TotalMilliseconds:N0} ms.");
    }

    // Two buckets with rows in lake and log: planning, lake and log all take part.
    private string Prepare()
    {
        LabTable table = CreateHalfTiered("starved", buckets: 2);
        string sql = $"SELECT count(*), max(id) FROM fluss_read('{table.Name}')";
        Query(sql);
        return sql;
    }

    private TimeSpan OnOwnThreads(string sql)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Empty(OwnThreads.Run(Queries, _ => Query(sql)));
        return clock.Elapsed;
    }

    private (long Count, long Last) Query(string sql)
    {
        using DbConnection connection = Open();
        return connection.QuerySingle<(long, long)>(sql);
    }

    /// <summary>Gives the thread pool few threads until it is disposed.</summary>
    private sealed class PoolThreads : IDisposable
    {
        private readonly int _workers;
        private readonly int _ports;

        public PoolThreads(int count)
        {
            ThreadPool.GetMinThreads(out _workers, out _ports);
            ThreadPool.SetMinThreads(count, count);
        }

        public void Dispose() => ThreadPool.SetMinThreads(_workers, _ports);
    }
}
