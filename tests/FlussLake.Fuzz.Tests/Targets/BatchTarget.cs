using System.Buffers.Binary;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Batches of a log, whatever holds their records.</summary>
public abstract class BatchTarget : FuzzTarget, IDisposable
{
    /// <summary>The length of a batch's header, in bytes.</summary>
    protected const int HeaderSize = 48;

    private const int MaxBytes = 1 << 20;

    private readonly NativeSlabPool _pool = new(16 << 20);
    private readonly GuardedMemory _bytes = new(2 << 20);
    private readonly LogBatchDecoder _decoder;

    private protected BatchTarget(Func<ZstdFrame>? zstd) => _decoder = new LogBatchDecoder(_pool, zstd, MaxBytes);

    protected override long Borrowed => _pool.RentedBytes;

    /// <summary>Where the batch starts in an input.</summary>
    protected virtual int BatchStart => 0;

    // The columns of the widest layout, messages and the exception itself; nothing grows with what lengths say.
    protected override long MaxAllocation(int inputLength) => 64 << 10;

    public void Dispose()
    {
        _decoder.Dispose();
        _bytes.Dispose();
        GC.SuppressFinalize(this);
    }

    // With the length of what is left: otherwise a cut batch is no more than one whose end is still to come.
    protected override byte[] Cut(byte[] entry, int length) => Sized(entry[..length]);

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length < BatchStart)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _bytes.Place(input.AsSpan(BatchStart));
        try
        {
            if (!LogBatchHeader.TryRead(bytes, out LogBatchHeader header))
            {
                return false;
            }

            DecodedLogBatch batch = _decoder.Decode(bytes, header, LayoutOf(input, bytes, header));
            try
            {
                DecodedBatchWalk.Walk(batch, MaxBytes);
            }
            finally
            {
                batch.Release();
            }

            return true;
        }
        catch (FlussException refusal) when (refusal.Code is FlussErrorCode.CorruptRecord or FlussErrorCode.UnsupportedVersion or FlussErrorCode.RecordTooLarge)
        {
            return false;
        }
    }

    private protected abstract BatchLayout LayoutOf(byte[] input, ReadOnlySpan<byte> batch, in LogBatchHeader header);

    /// <summary>Writes a batch's length anew.</summary>
    protected byte[] Sized(byte[] input)
    {
        if (input.Length >= BatchStart + 12)
        {
            BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(BatchStart + 8), input.Length - BatchStart - 12);
        }

        return input;
    }
}
