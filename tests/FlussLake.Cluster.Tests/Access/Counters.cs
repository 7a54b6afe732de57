namespace FlussLake.Cluster.Tests.Access;

/// <summary>
/// What the provider holds now, from its internal counters. A counter that is null is not wired up: tests then check what can be seen without it.
/// </summary>
internal static class Counters
{
    /// <summary>Bytes of fetched log data, process-wide, that scans hold.</summary>
    public static Func<long>? LogBytesHeld { get; }

    /// <summary>Log scans that are open, process-wide.</summary>
    public static Func<long>? OpenLogScans { get; }

    /// <summary>Plans that SQL text may refer to.</summary>
    public static Func<long>? Plans { get; }

    /// <summary>All bytes of log data ever fetched from servers, process-wide.</summary>
    public static Func<long>? LogBytesFetched { get; }

    /// <summary>Everything that must come back to where it was when no statement runs.</summary>
    public static IReadOnlyDictionary<string, long> Held() => new Dictionary<string, Func<long>?>
    {
        [nameof(LogBytesHeld)] = LogBytesHeld,
        [nameof(OpenLogScans)] = OpenLogScans,
        [nameof(Plans)] = Plans,
    }.Where(counter => counter.Value is not null).ToDictionary(counter => counter.Key, counter => counter.Value!());
}
