namespace FlussLake.Client;

/// <summary>
/// A value of TIMESTAMP or TIMESTAMP_LTZ with all of its nine digits, which neither <see cref="DateTime"/> nor <see cref="DateTimeOffset"/> can hold. For TIMESTAMP it
/// is a clock reading without a zone, counted as if it were UTC; for TIMESTAMP_LTZ it is an instant.
/// </summary>
/// <param name="Milliseconds">The milliseconds since 1970-01-01 00:00:00, rounded down where the value lies before it.</param>
/// <param name="Nanoseconds">The nanoseconds within that millisecond, from 0 to 999,999.</param>
public readonly record struct FlussTimestamp(long Milliseconds, int Nanoseconds);
