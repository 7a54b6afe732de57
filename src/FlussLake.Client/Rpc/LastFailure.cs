using FlussLake.Client.Threading;

namespace FlussLake.Client.Rpc;

/// <summary>The last failure that a client is trying to get over, so that whoever gives up meanwhile can say what was wrong.</summary>
internal sealed class LastFailure
{
    private Entry? _last;

    public void Note(string message) => Volatile.Write(ref _last, new Entry(message, DedicatedTimeProvider.Instance.GetTimestamp()));

    /// <summary>The last failure that came after a point in time, or null.</summary>
    public string? Since(long timestamp) => Volatile.Read(ref _last) is { } last && last.At >= timestamp ? last.Message : null;

    private sealed record Entry(string Message, long At);
}
