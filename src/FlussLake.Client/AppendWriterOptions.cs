namespace FlussLake.Client;

/// <summary>How an <see cref="AppendWriter"/> batches, sends and retries. Immutable; change copies by <c>with</c>.</summary>
public sealed record AppendWriterOptions
{
    /// <summary>When rows count as written. <see cref="WriteAcks.All"/> unless set.</summary>
    public WriteAcks Acks { get; init; } = WriteAcks.All;

    /// <summary>
    /// Whether batches are numbered, so that a batch whose answer was lost can be sent again without doubling its rows. True unless set; needs <see cref="WriteAcks.All"/> and at
    /// most 5 batches in flight for a bucket, as servers remember no more.
    /// </summary>
    public bool EnableIdempotence { get; init; } = true;

    /// <summary>
    /// What happens without idempotence to a batch whose answer was lost, which may be in the log or not. False, unless set: the writer fails, and says how many rows are
    /// concerned. True: the batch is sent again, so that its rows may be in the log twice.
    /// </summary>
    public bool AtLeastOnce { get; init; }

    /// <summary>How many batches of one bucket may wait for their answers at a time: 1 to 100, at most 5 with idempotence; 5 unless set.</summary>
    public int MaxInFlightPerBucket { get; init; } = 5;

    /// <summary>The size in bytes, before compression, at which a batch is sent: 1 KiB to 64 MiB; 2 MiB unless set. A larger row is a batch of its own.</summary>
    public int BatchBytes { get; init; } = 2 << 20;

    /// <summary>How long rows may wait for more rows before their batch is sent: zero to an hour; 100 milliseconds unless set.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The size in bytes up to which batches for one server travel in one request: 1 KiB to 64 MiB; 10 MiB unless set. A larger batch travels alone.</summary>
    public int MaxRequestBytes { get; init; } = 10 << 20;

    /// <summary>
    /// The bytes that rows may take in the writer until they are acknowledged, at least <see cref="BatchBytes"/>; 64 MiB unless set. Appending waits while they are used up. Rows count
    /// uncompressed while their batch is open, compressed afterwards; a batch that is being sent is copied once more.
    /// </summary>
    public long BufferMemory { get; init; } = 64L << 20;

    /// <summary>Whether a row of a partition that does not exist creates it. True unless set.</summary>
    public bool CreatePartitions { get; init; } = true;

    /// <summary>Which bucket a row goes to where the table has no bucket keys. <see cref="FlussLake.Client.BucketAssignment.Sticky"/> unless set.</summary>
    public BucketAssignment BucketAssignment { get; init; } = BucketAssignment.Sticky;

    /// <summary>How long a server may take for one request, waiting for replicas included. 30 seconds unless set.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a batch is tried again, from when it is complete: the writer fails with the first failure after that. A request under way is waited for, so that the writer may learn
    /// of it as much as a <see cref="RequestTimeout"/> later. 2 minutes unless set.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    // Servers cut connections that bring requests of 100 MB.
    internal int LargestBatch { get; init; } = 96 << 20;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or does not go with another; the message names it.</exception>
    internal void Validate()
    {
        Require(Enum.IsDefined(Acks), nameof(Acks), "All, Leader or None");
        Require(Enum.IsDefined(BucketAssignment), nameof(BucketAssignment), "Sticky or RoundRobin");
        Require(!EnableIdempotence || Acks == WriteAcks.All, nameof(Acks), "All, unless EnableIdempotence is false");
        Require(!EnableIdempotence || !AtLeastOnce, nameof(AtLeastOnce), "false, unless EnableIdempotence is false");
        Require(MaxInFlightPerBucket >= 1 && MaxInFlightPerBucket <= (EnableIdempotence ? 5 : 100), nameof(MaxInFlightPerBucket), "1 to 5, or to 100 without idempotence");
        Require(BatchBytes is >= 1024 and <= 64 << 20, nameof(BatchBytes), "1 KiB to 64 MiB");
        Require(Linger >= TimeSpan.Zero && Linger <= TimeSpan.FromHours(1), nameof(Linger), "zero to an hour");
        Require(MaxRequestBytes is >= 1024 and <= 64 << 20, nameof(MaxRequestBytes), "1 KiB to 64 MiB");
        Require(BufferMemory >= BatchBytes, nameof(BufferMemory), "at least BatchBytes");
        Require(RequestTimeout >= TimeSpan.FromMilliseconds(1) && RequestTimeout <= TimeSpan.FromDays(1), nameof(RequestTimeout), "a millisecond to a day");
        Require(DeliveryTimeout >= TimeSpan.FromMilliseconds(1) && DeliveryTimeout <= TimeSpan.FromDays(1), nameof(DeliveryTimeout), "a millisecond to a day");
    }

    private static void Require(bool valid, string name, string range)
    {
        if (!valid)
        {
            throw new ArgumentException($"{name} is out of its range: {range}.", name);
        }
    }
}
