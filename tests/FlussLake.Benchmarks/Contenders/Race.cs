using FlussLake.Benchmarks.Report;

namespace FlussLake.Benchmarks.Contenders;

/// <summary>Lets contenders run in turns, so that whatever else the machine does meets all of them.</summary>
internal static class Race
{
    /// <summary>One run each that does not count, then <paramref name="runs"/> that do. Those that give a result must give the same one.</summary>
    /// <param name="title">What they do.</param>
    /// <param name="runs">How many runs count.</param>
    /// <param name="server">The tablet server's process.</param>
    /// <param name="contenders">The first is ours.</param>
    public static void Hold(string title, int runs, int server, params IReadOnlyList<Contender> contenders)
    {
        for (int run = 0; run <= runs; run++)
        {
            foreach (Contender contender in contenders)
            {
                Run taken = contender.RunOnce(server);
                if (run > 0)
                {
                    contender.Runs.Add(taken);
                }

                IReadOnlyList<string> expected = contenders[0].Runs.Count > 0 ? contenders[0].Runs[0].Result : taken.Result;
                if (taken.Result.Count == expected.Count && !taken.Result.SequenceEqual(expected))
                {
                    throw new InvalidOperationException($"{title}: {contender.Name} gave ({string.Join(", ", taken.Result)}), not ({string.Join(", ", expected)}).");
                }
            }
        }

        RaceReport.Print(title, contenders);
    }
}
