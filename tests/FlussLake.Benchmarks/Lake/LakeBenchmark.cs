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
        List<double> oursSeconds = [];
        List<double> parquetSeconds = [];
        for (int pair = -1; pair < _runs; pair++)
        {
            // Who goes first changes from pair to pair.
            bool oursFirst = pair % 2 == 0;
            (double Seconds, string Result) first = Execute(connection, oursFirst ? ours : parquet);
            (double Seconds, string Result) second = Execute(connection, oursFirst ? parquet : ours);
            if (first.Result != second.Result)
            {
                throw new InvalidOperationException($"{what}: one gave {first.Result}, the other {second.Result}.");
            }

            if (pair >= 0)
            {
                oursSeconds.Add(oursFirst ? first.Seconds : second.Seconds);
                parquetSeconds.Add(oursFirst ? second.Seconds : first.Seconds);
            }
        }

        double ratio = Median.Of(oursSeconds.Zip(parquetSeconds, (mine, theirs) => mine / theirs));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: fluss_read {Median.Of(oursSeconds) * 1000:0.0} ms, read_parquet {Median.Of(parquetSeconds) * 1000:0.0} ms, ratio {ratio:0.000} (medians)"));
        bounds.AtMost($"{what}, less 10 ms", Median.Of(oursSeconds.Zip(parquetSeconds, (mine, theirs) => (mine - AllowanceSeconds) / theirs)), OverParquet, "times");
    }

    private static (double Seconds, string Result) Execute(FlussLakeConnection connection, string sql)
    {
        long begin = Stopwatch.GetTimestamp();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        reader.Read();
        object[] values = new object[reader.FieldCount];
        reader.GetValues(values);
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, string.Join(", ", values));
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
}
