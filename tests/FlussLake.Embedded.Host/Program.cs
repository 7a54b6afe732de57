using System.Diagnostics;
using System.Globalization;

using FlussLake.Client;
using FlussLake.Embedded;

// A server in a process of its own, for tests that kill it. Arguments: the data directory, or "memory"; the number of tablet servers; the port; the warehouse. Prints the
// address once it listens and the milliseconds that the start took, and ends with its input. A line of the input is the name of a table of the database "shop", which is tiered
// round after round from then on; each round that moves rows prints their number.
long started = Stopwatch.GetTimestamp();
await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions
{
    DataDirectory = args[0] == "memory" ? null : args[0],
    TabletServers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1,
    Port = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0,
    LakeWarehouse = args.Length > 3 ? args[3] : null,
});
TimeSpan taken = Stopwatch.GetElapsedTime(started);
Console.WriteLine(fluss.BootstrapServers);
Console.WriteLine(taken.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
while (Console.ReadLine() is { } table)
{
    _ = TierAsync(new TablePath("shop", table));
}

async Task TierAsync(TablePath table)
{
    try
    {
        while (true)
        {
            TieringResult round = await fluss.TierAsync(table);
            if (round.Rows > 0)
            {
                Console.WriteLine(round.Rows);
            }
        }
    }
    catch (Exception exception)
    {
        // Whoever waits for rows reads this in their place.
        Console.WriteLine(exception);
    }
}
