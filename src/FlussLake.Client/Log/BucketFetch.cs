using System.Globalization;

using FlussLake.Client.Rpc;

namespace FlussLake.Client.Log;

/// <summary>How far a scan is with one bucket. Guarded by the scan's gate, except that the one answer under way is read without it.</summary>
internal sealed class BucketFetch(LogRange range, int maxBytes)
{
    public TableBucket Bucket { get; } = range.Bucket;

    public long End { get; } = range.End;

    /// <summary>The offset to ask for next, or <see cref="LogRange.Earliest"/> as long as no batch has come.</summary>
    public long Next { get; set; } = range.Start;

    /// <summary>The size of the next request; grows with the answers, and when a batch does not fit.</summary>
    public int MaxBytes { get; set; } = maxBytes;

    /// <summary>The bytes that are reserved for the request under way.</summary>
    public long Reserved { get; set; }

    /// <summary>The request under way, or null, also while its server is not known yet.</summary>
    public PendingRequest? Request { get; set; }

    /// <summary>The server that was asked last.</summary>
    public ServerAddress Server { get; set; }

    /// <summary>When the bucket was first asked since its last progress, or 0.</summary>
    public long WaitingSince { get; set; }

    /// <summary>When the bucket was lined up for its next request; the time until it leaves does not count as waiting.</summary>
    public long LinedUpAt { get; set; }

    /// <summary>Failures and empty answers since the last progress.</summary>
    public int Failures { get; set; }

    /// <summary>Damaged answers since the last progress.</summary>
    public int Damages { get; set; }

    /// <summary>When the next attempt is due after a pause.</summary>
    public ITimer? Pause { get; set; }

    /// <summary>The offset to ask for next, for messages.</summary>
    public string NextText => Next == LogRange.Earliest ? "earliest" : Next.ToString(CultureInfo.InvariantCulture);
}
