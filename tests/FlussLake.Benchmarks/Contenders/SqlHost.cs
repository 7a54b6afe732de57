using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlussLake.Data;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>The process that is our contender: runs the statements that it is asked for, on one connection that stays open, as any user of the provider would.</summary>
internal static class SqlHost
{
    /// <summary>The verb that starts it.</summary>
    public const string Verb = "host";

    /// <summary>Starts one.</summary>
    public static ChildProcess Start(string connectionString) =>
        ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "FlussLake.Benchmarks"), Verb, connectionString);

    /// <summary>Answers until the input ends.</summary>
    public static async Task<int> RunAsync(string connectionString)
    {
        long start = Stopwatch.GetTimestamp();
        await using FlussLakeConnection connection = new(connectionString);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (connection.State != System.Data.ConnectionState.Open)
            {
                start = Stopwatch.GetTimestamp();
                await connection.OpenAsync();
            }

            string sql = JsonNode.Parse(line)!["sql"]!.GetValue<string>();
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            long begin = Stopwatch.GetTimestamp();
            JsonArray result = [];
            await using (DbCommand command = connection.CreateCommand())
            {
                command.CommandText = sql;
                await using DbDataReader reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    for (int column = 0; column < reader.FieldCount; column++)
                    {
                        result.Add(Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture));
                    }
                }
            }

            JsonObject answer = new()
            {
                ["seconds"] = Stopwatch.GetElapsedTime(begin).TotalSeconds,
                ["firstSeconds"] = Stopwatch.GetElapsedTime(start).TotalSeconds,
                ["allocated"] = GC.GetTotalAllocatedBytes(precise: true) - allocated,
                ["result"] = result,
            };
            Console.WriteLine(answer.ToJsonString());
        }

        return 0;
    }
}
