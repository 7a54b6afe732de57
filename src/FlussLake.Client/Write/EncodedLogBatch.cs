using System.Buffers;
using System.Buffers.Binary;
using FlussLake.Client.Log;

namespace FlussLake.Client.Write;

/// <summary>
/// A whole log batch, ready to be sent, in memory that goes back to its pool with <see cref="Dispose"/>: dispose it when no send of it is under way any more. A batch
/// that is sent again must be sent with the same bytes, so it is kept until it is acknowledged.
/// </summary>
internal sealed class EncodedLogBatch(byte[] bytes, int length, int rowCount) : IDisposable
{
    internal const int CrcStart = 25;
    private const int CrcAt = 21;
    private const int WriterIdAt = 32;
    private const int BatchSequenceAt = 40;

    private byte[]? _bytes = bytes;

    public ReadOnlyMemory<byte> Bytes => (_bytes ?? throw new ObjectDisposedException(nameof(EncodedLogBatch))).AsMemory(0, Length);

    /// <summary>The batch's size in bytes.</summary>
    public int Length { get; } = length;

    public int RowCount { get; } = rowCount;

    /// <summary>Gives an encoded batch another writer and sequence, and the checksum that goes with them.</summary>
    /// <param name="batch">The bytes of one whole batch of magic 0.</param>
    /// <param name="writerId">The writer's id; -1 for a batch that is not idempotent.</param>
    /// <param name="batchSequence">The writer's batch number in the bucket; -1 for a batch that is not idempotent.</param>
    public static void Stamp(Span<byte> batch, long writerId, int batchSequence)
    {
        BinaryPrimitives.WriteInt64LittleEndian(batch[WriterIdAt..], writerId);
        BinaryPrimitives.WriteInt32LittleEndian(batch[BatchSequenceAt..], batchSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[CrcAt..], Crc32C.Compute(batch[CrcStart..]));
    }

    /// <summary>Gives the batch another writer and sequence. No send of it may be under way.</summary>
    public void Stamp(long writerId, int batchSequence)
        => Stamp((_bytes ?? throw new ObjectDisposedException(nameof(EncodedLogBatch))).AsSpan(0, Length), writerId, batchSequence);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
