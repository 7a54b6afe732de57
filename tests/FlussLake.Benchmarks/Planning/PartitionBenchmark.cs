using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Report;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded;

namespace FlussLake.Benchmarks.Planning;

/// <summary>
/// How long it takes to plan a statement over a table that has 10,000 partitions in the lake, of which 100 still exist in Fluss, each with records after the lake's. They are made by an
/// embedded server, which keeps up to a thousand at a time.
/// </summary>
internal static class PartitionBenchmark
{
    private const int Partitions = 10_000;
    private const int PartitionsOfARound = 1_000;
    private const int Kept = 100;
    private const int DefaultRuns = 21;
    private const int WarmUps = 5;
    private const double ColdMilliseconds = 1_000;
    private const double WarmMilliseconds = 1_000;
    private static readonly TablePath s_table = new("shop", "orders");

    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions());
        long begin = Stopwatch.GetTimestamp();
        await FillAsync(fluss);
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"planning over {Partitions} partitions in the lake, {Kept} of them with records in the log (made in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s)"));

        Bounds bounds = new();
        double cold = Time(() => Ask(fluss, "EXPLAIN SELECT * FROM fluss_read('orders')"));
        bounds.AtMost("the first plan of a process", cold, ColdMilliseconds, "ms");
        int runs = options.Runs ?? DefaultRuns;
        bounds.AtMost("planning all columns, p50", Measure(runs, () => Ask(fluss, "EXPLAIN SELECT * FROM fluss_read('orders')")), WarmMilliseconds, "ms");
        bounds.AtMost("one partition in both halves, read, p50", Measure(runs, () => Ask(fluss, "SELECT count(note) FROM fluss_read('orders') WHERE day = 'd9950'")), WarmMilliseconds, "ms");
        bounds.AtMost("one partition in the lake alone, read, p50", Measure(runs, () => Ask(fluss, "SELECT count(note) FROM fluss_read('orders') WHERE day = 'd17'")), WarmMilliseconds, "ms");
        bounds.AtMost($"{Kept} partitions of the log, read, p50", Measure(runs, () => Ask(fluss, "SELECT count(note) FROM fluss_read('orders$log')")), WarmMilliseconds, "ms");
        return bounds.Missed ? 1 : 0;
    }

    private static double Measure(int runs, Action work)
    {
        for (int run = 0; run < WarmUps; run++)
        {
            work();
        }

        return Median.Of([.. Enumerable.Range(0, runs).Select(_ => Time(work)).Order()]);
    }

    private static double Time(Action work)
    {
        long begin = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static void Ask(EmbeddedFluss fluss, string sql)
    {
        using FlussLakeConnection connection = new($"Bootstrap Servers={fluss.BootstrapServers};Database={s_table.Database}");
        connection.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        reader.Read();
    }

    private static async Task FillAsync(EmbeddedFluss fluss)
    {
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [fluss.BootstrapServers] });
        await client.CreateDatabaseAsync(s_table.Database);
        await client.CreateTableAsync(s_table, new TableDescriptor
        {
            Columns =
            [
                new FlussColumn("order_id", FlussType.Parse("BIGINT NOT NULL"), 0), new FlussColumn("day", FlussType.Parse("STRING"), 1),
                new FlussColumn("note", FlussType.Parse("STRING"), 2), new FlussColumn("amount", FlussType.Parse("DECIMAL(10,2)"), 3),
            ],
            PartitionKeys = ["day"],
            BucketCount = 1,
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
        });
        for (int round = 0; round < Partitions / PartitionsOfARound; round++)
        {
            await AppendAsync(client, round * PartitionsOfARound, PartitionsOfARound);
            await fluss.TierAsync(s_table);
            int kept = round == (Partitions / PartitionsOfARound) - 1 ? Kept : 0;
            for (int i = round * PartitionsOfARound; i < ((round + 1) * PartitionsOfARound) - kept; i++)
            {
                await client.DropPartitionAsync(s_table, new Dictionary<string, string> { ["day"] = Day(i) });
            }
        }

        await AppendAsync(client, Partitions - Kept, Kept);
    }

    private static async Task AppendAsync(FlussClient client, int first, int count)
    {
        await using AppendWriter writer = await client.OpenAppendWriterAsync(s_table);
        for (int i = first; i < first + count; i++)
        {
            await writer.AppendAsync([(long)i, Day(i), "a note", 12.25m]);
        }
    }

    private static string Day(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");
}
