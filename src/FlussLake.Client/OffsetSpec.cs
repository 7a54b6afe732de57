namespace FlussLake.Client;

/// <summary>Which offset of a bucket is asked for.</summary>
public readonly record struct OffsetSpec
{
    private OffsetSpec(int type, long? timestamp)
    {
        Type = type;
        TimestampMilliseconds = timestamp;
    }

    /// <summary>The smallest offset that can still be read.</summary>
    public static OffsetSpec Earliest { get; } = new(0, null);

    /// <summary>The exclusive end of what can be read now: the high watermark.</summary>
    public static OffsetSpec Latest { get; } = new(1, null);

    /// <summary>The protocol's number: 0 earliest, 1 latest, 2 by time.</summary>
    internal int Type { get; }

    /// <summary>For an offset by time: the milliseconds since the epoch.</summary>
    internal long? TimestampMilliseconds { get; }

    /// <summary>The offset of the first batch or record that was committed at the given time or later; a time in the server's future is an error.</summary>
    /// <param name="time">The time, by the server's clock; parts of a millisecond are dropped.</param>
    /// <returns>The specification.</returns>
    public static OffsetSpec Timestamp(DateTimeOffset time) => new(2, time.ToUnixTimeMilliseconds());

    /// <summary>The specification for messages.</summary>
    /// <returns><c>earliest</c>, <c>latest</c> or the time.</returns>
    public override string ToString() => Type switch
    {
        0 => "earliest",
        1 => "latest",
        _ => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds.GetValueOrDefault()).ToString("O"),
    };
}
