using System.Diagnostics;
using System.Globalization;

using FlussLake.Embedded;

// A server in a process of its own, for tests that kill it. Arguments: the data directory, or "memory"; the number of tablet servers; the port; the warehouse. Prints the
// address once it listens and the milliseconds that the start took, and ends with its input.
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
while (Console.ReadLine() is not null)
{
}
