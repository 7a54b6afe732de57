using System.Data.Common;
using System.Diagnostics;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>What a statement holds goes back when it ends, however it ends.</summary>
[Collection(nameof(Alone))]
public sealed class LifecycleTests(MainCluster main) : ClusterTest(main)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static LabTable? s_big;

    [Fact]
    public void A_reader_that_is_closed_after_its_first_row_gives_everything_back_within_a_second()
    {
        LabTable table = CreateBig();
        using TempFile file = new();
        using DbConnection connection = Open($"Data Source={file.Path}");
        using DbConnection other = Open($"Data Source={file.Path}");
        connection.Execute("CREATE TABLE local AS SELECT 1 AS x");
        connection.Query($"SELECT count(*) FROM fluss_read('{table.Name}')");
        IReadOnlyDictionary<string, long> before = Counters.Held();

        DbDataReader reader = connection.OpenReader($"SELECT * FROM fluss_read('{table.Name}')");
        Assert.True(reader.Read());
        Stopwatch clock = Stopwatch.StartNew();
        reader.Dispose();

        // No statement of the connection runs until here: closing alone must have ended everything.
        bool back = Eventually.True(() => Counters.Held().All(counter => counter.Value <= before[counter.Key]), s_second);
        Assert.True(back, $"held before: {string.Join(", ", before)}; one second after the close: {string.Join(", ", Counters.Held())}");
        Assert.True(clock.Elapsed < s_second + s_second, $"Closing took {clock.Elapsed}.");

        // A transaction that were still open on the first connection would make this fail.
        other.Execute("INSERT INTO local VALUES (2)");
        other.Execute("CHECKPOINT;");
        Assert.Equal(2L, connection.ExecuteScalar<long>("SELECT count(*) FROM local"));
    }

    [Fact]
    public void Closing_the_connection_ends_its_open_reader()
    {
        LabTable table = CreateBig();
        using DbConnection warm = Open();
        warm.Query($"SELECT count(*) FROM fluss_read('{table.Name}')");
        IReadOnlyDictionary<string, long> before = Counters.Held();
        DbConnection connection = Open();
        DbDataReader reader = connection.OpenReader($"SELECT * FROM fluss_read('{table.Name}')");
        Assert.True(reader.Read());

        connection.Close();

        Assert.True(reader.IsClosed);
        Assert.True(Eventually.True(() => Counters.Held().All(counter => counter.Value <= before[counter.Key]), s_second), string.Join(", ", Counters.Held()));
        reader.Dispose();
        connection.Dispose();
    }

    [Fact]
    public void A_limit_ends_the_fetches_of_the_rows_behind_it()
    {
        LabTable table = CreateBig();
        using DbConnection connection = Open();
        IReadOnlyDictionary<string, long> before = Counters.Held();
        Assert.Equal(3, connection.ReadTexts($"SELECT id FROM fluss_read('{table.Name}') LIMIT 3").Count);
        Assert.True(Eventually.True(() => Counters.Held().All(counter => counter.Value <= before[counter.Key]), s_second), string.Join(", ", Counters.Held()));
    }

    [Fact]
    public void Ten_thousand_statements_that_read_nothing_leave_nothing()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        string read = $"fluss_read('{table.Name}')";
        Action<DbConnection>[] statements =
        [
            connection => connection.ReadTexts($"EXPLAIN SELECT * FROM {read}"),
            connection => connection.ReadTexts($"SELECT * FROM {read} LIMIT 0"),
            connection => connection.DescribeColumns($"SELECT * FROM {read}"),
            connection => Assert.ThrowsAny<DbException>(() => connection.ReadTexts($"SELECT missing FROM {read}")),
            connection => Assert.ThrowsAny<DbException>(() => connection.ReadTexts($"SELECT error('stop') FROM {read}")),
        ];
        using DbConnection connection = Open();
        void Run(int count, TimeSpan limit, out int done)
        {
            Stopwatch clock = Stopwatch.StartNew();
            for (done = 0; done < count && (clock.Elapsed < limit || done < 500); done++)
            {
                statements[done % statements.Length](connection);
            }
        }

        Run(500, TimeSpan.MaxValue, out _);
        Footprint before = Footprint.Now();
        List<long> heapPerStatement = [];
        Footprint after = before;
        string what = "";
        for (int quarter = 0; quarter < 4; quarter++)
        {
            long heap = after.Heap;
            Run(2_500, TimeSpan.FromSeconds(15), out int done);
            after = Footprint.Now();
            heapPerStatement.Add((after.Heap - heap) / done);
            what += $"{done} statements: {after}\n";
        }

        what = $"{before} before\n{what}";
        TestContext.Current.TestOutputHelper?.WriteLine(what);
        Assert.True(after.Plans <= before.Plans + 1, "The latest statement's plan may stay until the connection's next statement, but no other: " + what);
        Assert.True(after.Threads <= before.Threads + 4, what);
        Assert.True(after.Handles <= before.Handles + 8, what);

        // What a statement leaves shows in every quarter; what pools and caches take or give back does not.
        Assert.True(heapPerStatement.Min() < 100, what);
    }

    [Fact]
    public void Opening_and_closing_connections_leaves_nothing()
    {
        LabTable table = CreateHalfTiered();
        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using DbConnection connection = Open();
                Assert.Equal(150L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
            }
        }

        Run(50);
        Footprint before = Footprint.Now();
        Run(500);
        Footprint after = Footprint.Now();

        string what = $"{before} before, {after} after";
        Assert.True(after.Plans <= before.Plans, what);
        Assert.True(after.Threads <= before.Threads + 4, what);
        Assert.True(after.Handles <= before.Handles + 8, what);
        Assert.True(after.Heap <= before.Heap + (4 << 20), what);
    }

    // Uncompressed and larger than any read-ahead (64 MiB); made once.
    private LabTable CreateBig()
    {
        if (s_big is not null)
        {
            return s_big;
        }

        LabTable table = Create(LabTable.Unique("big") with
        {
            Lake = false,
            Columns = [new("id", "BIGINT NOT NULL"), .. Enumerable.Range(0, 12).Select(i => new LabColumn($"text{i}", "STRING"))],
            Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
        });
        Lab.Generate(table, 500_000);
        return s_big = table;
    }

    private sealed record Footprint(long Heap, int Threads, int Handles, long Plans)
    {
        public static Footprint Now()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            using Process process = Process.GetCurrentProcess();
            GCMemoryInfo heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
            return new Footprint(heap.HeapSizeBytes - heap.FragmentedBytes, process.Threads.Count, process.HandleCount, Counters.Plans);
        }
    }
}
