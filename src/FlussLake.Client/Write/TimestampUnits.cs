using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write;

/// <summary>
/// What of a timestamp is kept: the Arrow unit of its precision, to which the Java client cuts; seconds it cuts toward zero, the finer units downwards.
/// </summary>
internal static class TimestampUnits
{
    /// <summary>The value in the unit of the precision.</summary>
    /// <exception cref="ArgumentException">64 bits of that unit cannot hold the value.</exception>
    public static long ToUnit((long Milliseconds, int Nanoseconds) value, string place, FlussType type)
    {
        (long milliseconds, int nanoseconds) = value;
        if ((uint)nanoseconds >= 1_000_000)
        {
            throw ValueErrors.OutOfRange(place, type, $"{milliseconds} ms and {nanoseconds} ns");
        }

        switch (type.Precision)
        {
            case 0:
                return milliseconds / 1000;
            case <= 3:
                return milliseconds;
            default:
                int perMillisecond = type.Precision <= 6 ? 1_000 : 1_000_000;
                Int128 units = ((Int128)milliseconds * perMillisecond) + (nanoseconds / (1_000_000 / perMillisecond));
                return units == (long)units ? (long)units : throw ValueErrors.OutOfRange(place, type, $"{milliseconds} ms since 1970");
        }
    }

    /// <summary>The value as it is read back.</summary>
    /// <exception cref="ArgumentException">64 bits of the unit of the precision cannot hold the value.</exception>
    public static (long Milliseconds, int Nanoseconds) Cut((long Milliseconds, int Nanoseconds) value, string place, FlussType type)
    {
        long units = ToUnit(value, place, type);
        return type.Precision switch
        {
            0 => (units * 1000, 0),
            <= 3 => (units, 0),
            <= 6 => (value.Milliseconds, value.Nanoseconds / 1000 * 1000),
            _ => value,
        };
    }
}
