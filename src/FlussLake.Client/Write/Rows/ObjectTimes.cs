namespace FlussLake.Client.Write.Rows;

/// <summary>Dates and times of .NET as Fluss takes them.</summary>
internal static class ObjectTimes
{
    private const int NanosecondsPerTick = 100;
    private static readonly int s_epochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static bool TryDays(object value, out long days)
    {
        DateOnly? date = value switch
        {
            DateOnly given => given,
            DateTime given when given.TimeOfDay == TimeSpan.Zero => DateOnly.FromDateTime(given),
            _ => null,
        };
        days = (date?.DayNumber ?? 0) - s_epochDay;
        return date is not null;
    }

    /// <summary>Nanoseconds of the day; a TimeSpan may be outside of a day, which the column refuses.</summary>
    public static bool TryNanosecondsOfDay(object value, out long nanoseconds)
    {
        long? ticks = value switch
        {
            TimeOnly time => time.Ticks,
            TimeSpan span => span.Ticks,
            _ => null,
        };
        nanoseconds = ticks is null or (>= 0 and < TimeSpan.TicksPerDay) ? (ticks ?? 0) * NanosecondsPerTick : -1;
        return ticks is not null;
    }

    /// <summary>A clock reading, which a DateTime is whatever its kind.</summary>
    public static bool TryClock(object value, out (long Milliseconds, int Nanoseconds) clock)
    {
        clock = value switch
        {
            DateTime time => Split(time.Ticks),
            FlussTimestamp timestamp => (timestamp.Milliseconds, timestamp.Nanoseconds),
            _ => default,
        };
        return value is DateTime or FlussTimestamp;
    }

    /// <summary>An instant; a DateTime of kind Unspecified is none.</summary>
    public static bool TryInstant(object value, out (long Milliseconds, int Nanoseconds) instant)
    {
        instant = value switch
        {
            DateTimeOffset time => Split(time.UtcTicks),
            DateTime { Kind: not DateTimeKind.Unspecified } time => Split(time.ToUniversalTime().Ticks),
            FlussTimestamp timestamp => (timestamp.Milliseconds, timestamp.Nanoseconds),
            _ => default,
        };
        return value is DateTimeOffset or FlussTimestamp or DateTime { Kind: not DateTimeKind.Unspecified };
    }

    private static (long Milliseconds, int Nanoseconds) Split(long ticks)
    {
        long sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        long milliseconds = Math.DivRem(sinceEpoch, TimeSpan.TicksPerMillisecond, out long rest);
        return rest < 0
            ? (milliseconds - 1, (int)(rest + TimeSpan.TicksPerMillisecond) * NanosecondsPerTick)
            : (milliseconds, (int)rest * NanosecondsPerTick);
    }
}
