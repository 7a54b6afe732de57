using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Report;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Data;

namespace FlussLake.Benchmarks.Lake;

/// <summary>Whole statements over a table that lies in the lake, beside DuckDB's own <c>read_parquet</c> of the same files: pair by pair on one connection.</summary>
internal sealed class LakeBenchmark(BenchmarkCluster cluster, BenchmarkOptions options)
{
    private const long DefaultRows = 20_000_000;
    private const int Files = 20;
    private const int DefaultRuns = 21;
    private const double OverParquet = 1.05;
    private const double AllowanceSeconds = 0.010;
    private readonly long _rows = options.Rows ?? DefaultRows;
    private readonly int _runs = options.Runs ?? DefaultRuns;

    public static int Run(BenchmarkOptions options)
    {
        using BenchmarkCluster cluster = BenchmarkCluster.Start(options);
        return new LakeBenchmark(cluster, options).Run();
    }

    public int Run()
    {
        LabTable table = cluster.Tables.Make(BenchmarkTable.Named($"history_{_rows}") with { Buckets = 1, Lake = true }, Fill);
        string[] files = [.. Directory.GetFiles(table.LakeFolder(cluster.Kit), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length != Files)
        {
            throw new InvalidOperationException($"The lake of {table.Path} has {files.Length} files.");
        }

        string parquet = $"read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}])";
        using FlussLakeConnection connection = new(cluster.ConnectionString);
        connection.Open();
        Bounds bounds = new();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_rows:#,0} rows in {files.Length} lake files, {_runs} pairs of fluss_read and read_parquet"));
        foreach ((string what, Func<string, string> statement) in Statements())
        {
            Compare(connection, what, statement(BenchmarkTable.Source(table)), statement(parquet), bounds);
        }

        return bounds.Missed ? 1 : 0;
    }

    private (string What, Func<string, string> Statement)[] Statements() =>
    [
        ("all 7 columns", BenchmarkTable.AllColumns),
        ("a few rows by a filter", source => string.Create(
            CultureInfo.InvariantCulture, $"SELECT count(*)::VARCHAR, sum(amount)::VARCHAR, max(note) FROM {source} WHERE order_id BETWEEN {_rows / 2} AND {(_rows / 2) + 999}")),
        ("the sum of one column", source => $"SELECT sum({BenchmarkTable.CheapestColumn})::VARCHAR FROM {source}"),
        ("count(*)", BenchmarkTable.Count),
    ];

    private void Compare(FlussLakeConnection connection, string what, string ours, string parquet, Bounds bounds)
    {
        List<Execution> oursRuns = [];
        List<Execution> parquetRuns = [];
        for (int pair = -1; pair < _runs; pair++)
        {
            // Who goes first changes from pair to pair.
            bool oursFirst = pair % 2 == 0;
            Execution first = Execute(connection, oursFirst ? ours : parquet);
            Execution second = Execute(connection, oursFirst ? parquet : ours);
            if (first.Result != second.Result)
            {
                throw new InvalidOperationException($"{what}: one gave {first.Result}, the other {second.Result}.");
            }

            if (pair >= 0)
            {
                oursRuns.Add(oursFirst ? first : second);
                parquetRuns.Add(oursFirst ? second : first);
            }
        }

        double ratio = Median.Of(oursRuns.Zip(parquetRuns, (mine, theirs) => mine.Seconds / theirs.Seconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: fluss_read {Milliseconds(oursRuns, run => run.Seconds):0.0} ms (CPU {Milliseconds(oursRuns, run => run.Cpu):0.0}), read_parquet {Milliseconds(parquetRuns, run => run.Seconds):0.0} ms (CPU {Milliseconds(parquetRuns, run => run.Cpu):0.0}), ratio {ratio:0.000} (medians)"));
        bounds.AtMost($"{what}, less 10 ms", Median.Of(oursRuns.Zip(parquetRuns, (mine, theirs) => (mine.Seconds - AllowanceSeconds) / theirs.Seconds)), OverParquet, "times");
    }

    private static double Milliseconds(List<Execution> runs, Func<Execution, double> figure) => Median.Of(runs.Select(figure)) * 1000;

    private static Execution Execute(FlussLakeConnection connection, string sql)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        reader.Read();
        object[] values = new object[reader.FieldCount];
        reader.GetValues(values);
        return new Execution(Stopwatch.GetElapsedTime(begin).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, string.Join(", ", values));
    }

    private void Fill(LabTable table)
    {
        long ofARound = _rows / Files;
        for (int round = 0; round < Files; round++)
        {
            cluster.Kit.Lab.Generate(table, ofARound, from: round * ofARound);
            cluster.Kit.Lab.Tier(table);
        }
    }

    /// <summary>One statement: its time, the CPU seconds of this process, and its result.</summary>
    private sealed record Execution(double Seconds, double Cpu, string Result);
}
