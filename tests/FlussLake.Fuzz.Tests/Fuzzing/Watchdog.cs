using System.Diagnostics;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>Ends the process, naming the input, where a decoder takes longer for one than any input is worth.</summary>
internal static class Watchdog
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private static readonly Lock s_gate = new();
    private static readonly List<RunningInput> s_watched = [];
    private static Timer? s_timer;

    public static void Watch(RunningInput running)
    {
        lock (s_gate)
        {
            s_watched.Add(running);
            s_timer ??= new Timer(static _ => Look(), null, s_period, s_period);
        }
    }

    public static void Forget(RunningInput running)
    {
        lock (s_gate)
        {
            s_watched.Remove(running);
        }
    }

    private static void Look()
    {
        long now = Stopwatch.GetTimestamp();
        lock (s_gate)
        {
            foreach (RunningInput running in s_watched)
            {
                long started = running.StartedAt;
                if (started < now && Stopwatch.GetElapsedTime(started, now) > s_limit)
                {
                    string message = $"{running.Decoder} has not ended after {s_limit.TotalSeconds} s: seed {running.Seed}, input {running.Index}.";
                    Console.Error.WriteLine(message);
                    Environment.FailFast(message);
                }
            }
        }
    }
}
