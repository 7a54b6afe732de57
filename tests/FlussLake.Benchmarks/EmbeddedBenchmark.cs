using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded;

namespace FlussLake.Benchmarks;

/// <summary>Whether a quick start has to wait for the embedded server: its start in a process that has just begun, and a million small rows written and read back.</summary>
internal static class EmbeddedBenchmark
{
    private const int Rows = 1_000_000;
    private static readonly TimeSpan s_longestStart = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longestRoundTrip = TimeSpan.FromSeconds(10);
    private static readonly TablePath s_table = new("shop", "orders");

    public static async Task<int> RunAsync()
    {
        string directory = Directory.CreateTempSubdirectory("flusslake-benchmark-").FullName;
        try
        {
            long begin = Stopwatch.GetTimestamp();
            await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = directory });
            bool startsInTime = Report("start, with a data directory", begin, s_longestStart);

            using FlussClient client = new(new FlussClientOptions { BootstrapServers = [fluss.BootstrapServers] });
            await CreateTableAsync(client);
            begin = Stopwatch.GetTimestamp();
            await AppendAsync(client);
            Report("a million rows appended and acknowledged", begin, null);
            await ReadAsync(fluss.BootstrapServers);
            return startsInTime & Report("the same, and read back in SQL", begin, s_longestRoundTrip) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool Report(string what, long begin, TimeSpan? bound)
    {
        TimeSpan taken = Stopwatch.GetElapsedTime(begin);
        string limit = bound is { } most ? string.Create(CultureInfo.InvariantCulture, $", bound {most.TotalMilliseconds:0} ms{(taken <= most ? "" : ": MISSED")}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {taken.TotalMilliseconds:0} ms{limit}"));
        return bound is null || taken <= bound;
    }

    private static async Task CreateTableAsync(FlussClient client)
    {
        await client.CreateDatabaseAsync(s_table.Database);
        await client.CreateTableAsync(s_table, new TableDescriptor
        {
            Columns =
            [
                new FlussColumn("order_id", FlussType.Parse("BIGINT NOT NULL"), 0), new FlussColumn("status", FlussType.Parse("STRING"), 1),
                new FlussColumn("amount", FlussType.Parse("DECIMAL(10,2)"), 2), new FlussColumn("ordered_at", FlussType.Parse("TIMESTAMP(3)"), 3),
            ],
        });
    }

    private static async Task AppendAsync(FlussClient client)
    {
        await using AppendWriter writer = await client.OpenAppendWriterAsync(s_table);
        object?[] row = new object?[4];
        for (int i = 0; i < Rows; i++)
        {
            (row[0], row[1], row[2], row[3]) = ((long)i, "open", 12.25m, new DateTime(2026, 1, 1));
            await writer.AppendAsync(row);
        }
    }

    private static async Task ReadAsync(string servers)
    {
        await using FlussLakeConnection connection = new($"Bootstrap Servers={servers};Database={s_table.Database}");
        await connection.OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), sum(order_id), count(status), sum(amount), count(ordered_at) FROM fluss_read('orders')";
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        if (reader.GetInt64(0) != Rows || reader.GetDecimal(1) != (decimal)Rows * (Rows - 1) / 2)
        {
            throw new InvalidOperationException($"{reader.GetInt64(0)} rows with the sum {reader.GetDecimal(1)} came back.");
        }
    }
}
