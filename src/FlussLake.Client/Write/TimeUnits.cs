using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write;

/// <summary>
/// What of a time of day is kept. Fluss has milliseconds of TIME whatever its precision, and the Arrow unit of TIME(0) is the second, to which the Java client cuts.
/// </summary>
internal static class TimeUnits
{
    public const long NanosecondsPerMillisecond = 1_000_000;
    private const long NanosecondsPerDay = 86_400_000_000_000;

    /// <summary>The Arrow unit of a TIME, TIMESTAMP or TIMESTAMP_LTZ of a precision.</summary>
    public static long NanosecondsPerUnit(int precision) => precision switch
    {
        0 => 1_000_000_000,
        <= 3 => 1_000_000,
        <= 6 => 1_000,
        _ => 1,
    };

    /// <summary>The milliseconds of the day that are kept of a time. Digits behind the declared precision are cut.</summary>
    /// <exception cref="ArgumentException">It is no time of a day, or the type declares digits that Fluss does not keep and the value has them.</exception>
    public static long Milliseconds(long nanoseconds, string place, FlussType type)
    {
        if ((ulong)nanoseconds >= NanosecondsPerDay)
        {
            throw ValueErrors.OutOfRange(place, type, nanoseconds + " ns");
        }

        long milliseconds = nanoseconds / NanosecondsPerMillisecond;
        long rest = nanoseconds - (milliseconds * NanosecondsPerMillisecond);
        if (rest != 0 && type.Precision > 3 && rest >= PowersOfTen.Int64(9 - type.Precision))
        {
            throw ValueErrors.TooFine(place, type, new TimeOnly(nanoseconds / 100).ToString("O", null));
        }

        return type.Precision == 0 ? milliseconds / 1000 * 1000 : milliseconds;
    }
}
