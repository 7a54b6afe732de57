namespace FlussLake.Client.Write.Rows;

/// <summary>Dates and times of .NET as Fluss takes them.</summary>
internal static class ObjectTimes
{
    private const int NanosecondsPerTick = 100;
    private static readonly int s_epochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static bool TryDays(object value, out long days)
    {
        days = value is DateOnly date ? Days(date) : 0;
        return value is DateOnly || (value is DateTime time && TryDays(time, out days));
    }

    public static long Days(DateOnly date) => date.DayNumber - s_epochDay;

    /// <summary>Days since 1970-01-01 of a midnight.</summary>
    public static bool TryDays(DateTime time, out long days)
    {
        days = Days(DateOnly.FromDateTime(time));
        return time.TimeOfDay == TimeSpan.Zero;
    }

    /// <summary>Nanoseconds of the day; a TimeSpan may be outside of a day, which the column refuses.</summary>
    public static bool TryNanosecondsOfDay(object value, out long nanoseconds)
    {
        nanoseconds = value switch
        {
            TimeOnly time => NanosecondsOfDay(time.ToTimeSpan()),
            TimeSpan span => NanosecondsOfDay(span),
            _ => 0,
        };
        return value is TimeOnly or TimeSpan;
    }

    public static long NanosecondsOfDay(TimeSpan time) => time.Ticks is >= 0 and < TimeSpan.TicksPerDay ? time.Ticks * NanosecondsPerTick : -1;

    /// <summary>A clock reading, which a DateTime is whatever its kind.</summary>
    public static bool TryClock(object value, out (long Milliseconds, int Nanoseconds) clock)
    {
        clock = value switch
        {
            DateTime time => Clock(time),
            FlussTimestamp timestamp => (timestamp.Milliseconds, timestamp.Nanoseconds),
            _ => default,
        };
        return value is DateTime or FlussTimestamp;
    }

    public static (long Milliseconds, int Nanoseconds) Clock(DateTime time) => Split(time.Ticks);

    /// <summary>An instant; a DateTime of kind Unspecified is none.</summary>
    public static bool TryInstant(object value, out (long Milliseconds, int Nanoseconds) instant)
    {
        instant = value switch
        {
            DateTimeOffset time => Instant(time),
            FlussTimestamp timestamp => (timestamp.Milliseconds, timestamp.Nanoseconds),
            _ => default,
        };
        return value is DateTimeOffset or FlussTimestamp || (value is DateTime local && TryInstant(local, TimeZoneInfo.Local, out instant));
    }

    /// <summary>
    /// The instant of a DateTime; one of kind Unspecified is none. A local one within hours of the first or the last day may be an instant that no DateTime can be: where .NET
    /// converts it to another one, it is none here.
    /// </summary>
    public static bool TryInstant(DateTime time, TimeZoneInfo local, out (long Milliseconds, int Nanoseconds) instant)
    {
        long ticks = time.Kind == DateTimeKind.Local ? time.Ticks - local.GetUtcOffset(time).Ticks : time.Ticks;
        instant = Split(ticks);
        return time.Kind != DateTimeKind.Unspecified && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
    }

    public static (long Milliseconds, int Nanoseconds) Instant(DateTimeOffset time) => Split(time.UtcTicks);

    private static (long Milliseconds, int Nanoseconds) Split(long ticks)
    {
        long sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        long milliseconds = Math.DivRem(sinceEpoch, TimeSpan.TicksPerMillisecond, out long rest);
        return rest < 0
            ? (milliseconds - 1, (int)(rest + TimeSpan.TicksPerMillisecond) * NanosecondsPerTick)
            : (milliseconds, (int)rest * NanosecondsPerTick);
    }
}
