using FlussLake.Benchmarks.Report;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>Lets contenders run in turns, so that whatever else the machine does meets all of them.</summary>
internal static class Race
{
    /// <summary>One run each that does not count, then <paramref name="runs"/> that do. Those that give a result must all give the same one, the others the number of rows.</summary>
    /// <param name="title">What they do.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="runs">How many runs count.</param>
    /// <param name="server">The tablet server's process.</param>
    /// <param name="contenders">The first is ours.</param>
    public static void Hold(string title, long rows, int runs, int server, params IReadOnlyList<Contender> contenders)
    {
        string? expected = null;
        for (int run = 0; run <= runs; run++)
        {
            foreach (Contender contender in contenders)
            {
                Run taken = contender.RunOnce(server);
                if (taken.Result is null ? taken.Rows != rows : taken.Result != (expected ??= taken.Result))
                {
                    throw new InvalidOperationException(
                        $"{title}: {contender.Name} gave {taken.Result ?? $"{taken.Rows} rows"}, but there are {rows} rows and the others gave {expected}.");
                }

                if (run > 0)
                {
                    contender.Runs.Add(taken);
                }
            }
        }

        RaceReport.Print(title, contenders);
    }
}
