using FlussLake.Data.DuckDb;

namespace FlussLake.Embedded.Tests.LogScans;

/// <summary>A clock that stands still, so that a thread keeps the patience that it has.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _now = 1;

    private StandingClock()
    {
    }

    public override long TimestampFrequency => 1000;

    /// <summary>The time of a thread that has not waited yet.</summary>
    public static WorkAndWait Rested => new(new StandingClock());

    /// <summary>The time of a thread that has waited for long and has no patience left.</summary>
    public static WorkAndWait Tired
    {
        get
        {
            StandingClock clock = new();
            WorkAndWait time = new(clock);
            time.Wait();
            clock._now += 3_600_000;
            time.Work();
            return time;
        }
    }

    public override long GetTimestamp() => _now;
}
