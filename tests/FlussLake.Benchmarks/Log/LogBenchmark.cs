using System.Globalization;
using System.Text.Json.Nodes;
using FlussLake.Benchmarks.Contenders;
using FlussLake.Benchmarks.Report;
using FlussLake.Benchmarks.Tables;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Benchmarks.Log;

/// <summary>How fast a table is read that is in the log alone, beside pyfluss reading it into Arrow with DuckDB over that, and beside Fluss's Java client.</summary>
internal sealed class LogBenchmark(BenchmarkCluster cluster, BenchmarkOptions options)
{
    private const long DefaultRows = 5_000_000;
    private const int DefaultRuns = 7;
    private const double FasterThanPyFluss = 2.3;
    private const double FasterThanJava = 5;
    private const double FasterThanPyFlussCounting = 5;
    private const double BytesOfARow = 1;
    private readonly long _rows = options.Rows ?? DefaultRows;
    private readonly int _runs = options.Runs ?? DefaultRuns;

    public static int Run(BenchmarkOptions options)
    {
        using BenchmarkCluster cluster = BenchmarkCluster.Start(options);
        return new LogBenchmark(cluster, options).Run();
    }

    public int Run()
    {
        Bounds bounds = new();
        LabTable orders = cluster.Tables.MakeGenerated(Named("orders"), _rows);
        using (ChildProcess ours = SqlHost.Start(cluster.ConnectionString), pyFluss = StartPyFluss(), java = ChildProcess.Start("bash", KitLocation.LabScript, cluster.Kit.Folder))
        {
            AllColumns(orders, ours, pyFluss, java, bounds);
            OneColumn(orders, ours, pyFluss, bounds);
            Count(orders, ours, pyFluss, bounds);
            Others(ours, pyFluss);
        }

        FirstStatement.Measure(orders, cluster, _runs, StartPyFluss);
        return bounds.Missed ? 1 : 0;
    }

    private void AllColumns(LabTable table, ChildProcess ours, ChildProcess pyFluss, ChildProcess java, Bounds bounds)
    {
        Contender[] contenders =
        [
            Ours(ours, BenchmarkTable.AllColumns(BenchmarkTable.Source(table))),
            PyFlussOf(pyFluss, table, null, BenchmarkTable.AllColumns("source")),
            new Contender("Java client", java, new JsonObject { ["do"] = "scan", ["table"] = table.Path }),
        ];
        Hold("all 7 columns", contenders);
        bounds.AtLeast("all columns, against pyfluss", contenders[1].Seconds / contenders[0].Seconds, FasterThanPyFluss, "times");
        bounds.AtLeast("all columns, against the Java client", contenders[2].Seconds / contenders[0].Seconds, FasterThanJava, "times");
        bounds.AtMost("managed bytes a row", Median.Of(contenders[0].Runs.Select(run => run.AllocatedBytes / (double)_rows)), BytesOfARow, "bytes");
    }

    private void OneColumn(LabTable table, ChildProcess ours, ChildProcess pyFluss, Bounds bounds)
    {
        Contender[] contenders =
        [
            Ours(ours, BenchmarkTable.One(BenchmarkTable.Source(table))),
            PyFlussOf(pyFluss, table, BenchmarkTable.OneColumn, BenchmarkTable.One("source")),
        ];
        Hold("one column", contenders);
        bounds.AtLeast("one column, against pyfluss", contenders[1].Seconds / contenders[0].Seconds, FasterThanPyFluss, "times");
    }

    private void Count(LabTable table, ChildProcess ours, ChildProcess pyFluss, Bounds bounds)
    {
        Contender[] contenders =
        [
            Ours(ours, BenchmarkTable.Count(BenchmarkTable.Source(table))),
            PyFlussOf(pyFluss, table, BenchmarkTable.CheapestColumn, BenchmarkTable.Count("source")),
        ];
        Hold("count(*)", contenders);
        if (contenders[0].Runs[0].Result != _rows.ToString(CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException($"{table.Path} has {_rows} rows, and count(*) gave {contenders[0].Runs[0].Result}.");
        }

        bounds.AtLeast("count(*), against pyfluss", contenders[1].Seconds / contenders[0].Seconds, FasterThanPyFlussCounting, "times");
    }

    /// <summary>Tables that other data make; no bound is set for them.</summary>
    private void Others(ChildProcess ours, ChildProcess pyFluss)
    {
        const int NullPercent = 30;
        LabTable[] tables =
        [
            cluster.Tables.Make(Named("texts"), table => LongTexts.WriteAsync(cluster.Kit.Servers, BenchmarkTable.Path(table), _rows).GetAwaiter().GetResult()),
            cluster.Tables.MakeGenerated(
                Named("uncompressed") with { Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" } }, _rows),
            cluster.Tables.MakeGenerated(Named("nulls"), _rows, NullPercent),
        ];
        string[] titles = ["all columns, texts of 10 to 80 characters that do not compress well", "all columns, without compression", "all columns, 30 % NULLs"];
        foreach ((LabTable table, string title) in tables.Zip(titles))
        {
            Hold(title, Ours(ours, BenchmarkTable.AllColumns(BenchmarkTable.Source(table))), PyFlussOf(pyFluss, table, null, BenchmarkTable.AllColumns("source")));
        }
    }

    private LabTable Named(string name) => BenchmarkTable.Named($"{name}_{_rows}");

    private static Contender Ours(ChildProcess process, string sql) => new("FlussLake", process, new JsonObject { ["sql"] = sql });

    private static Contender PyFlussOf(ChildProcess process, LabTable table, string? column, string sql) => new(
        "pyfluss", process, new JsonObject { ["table"] = table.Path, ["columns"] = column is null ? null : new JsonArray(column), ["sql"] = sql });

    private void Hold(string title, params IReadOnlyList<Contender> contenders) =>
        Race.Hold(string.Create(CultureInfo.InvariantCulture, $"{title}, {_rows:#,0} rows of log"), _rows, _runs, cluster.Server, contenders);

    private ChildProcess StartPyFluss() => ChildProcess.Start(
        "bash", "-c", "exec python3.11 \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "Peers", "pyfluss_read.py"), PyFluss.Packages, cluster.Kit.Servers);
}
