using FlussLake.Client;

namespace FlussLake.Benchmarks.Tables;

/// <summary>Fills a table with texts of 10 to 80 characters that do not compress well. Every value is a function of the row's number.</summary>
internal static class LongTexts
{
    private const int Shortest = 10;
    private const int Longest = 80;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly DateTime s_first = new(2026, 1, 1);

    public static async Task WriteAsync(string servers, TablePath table, long rows)
    {
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [servers] });
        await using AppendWriter writer = await client.OpenAppendWriterAsync(table);
        Random random = new(20260101);
        object?[] row = new object?[7];
        for (long i = 0; i < rows; i++)
        {
            row[0] = i;
            row[1] = random.NextInt64(1_000_000);
            row[2] = random.GetString(Letters, random.Next(Shortest, Longest + 1));
            row[3] = random.GetString(Letters, random.Next(Shortest, Longest + 1));
            row[4] = random.NextInt64(1_000_000) / 8d;
            row[5] = random.Next(1_000_000);
            row[6] = s_first.AddMicroseconds(random.NextInt64(1_000_000_000_000));
            await writer.AppendAsync(row);
        }

        await writer.FlushAsync();
    }
}
