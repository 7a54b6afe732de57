using System.Buffers.Binary;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Batches of rows. Their first byte says which columns they are decoded to.</summary>
public abstract class RowBatchTarget : FuzzTarget, IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const int HeaderSize = 48;

    private readonly NativeSlabPool _pool = new(16 << 20);
    private readonly GuardedMemory _bytes = new(2 << 20);
    private readonly LogBatchDecoder _decoder;
    private readonly BatchLayout[] _layouts;

    private protected RowBatchTarget(LogFormat format, string suffix)
    {
        _decoder = new LogBatchDecoder(_pool, null, MaxBytes);
        string[] logs = ["scalars" + suffix, "nested" + suffix];
        _layouts = [.. logs.Select(log => BatchFixture.Load(log, log).Layout(format))];
        Corpus = [.. logs.SelectMany(static (log, layout) => BatchFixture.Split(BatchFixture.ReadLog(log)).Select(batch => (byte[])[(byte)layout, .. batch]))];
    }

    protected override IReadOnlyList<byte[]> Corpus { get; }

    protected override long Borrowed => _pool.RentedBytes;

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

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = input.Length > HeaderSize + 1 && !random.OneIn(3)
            ? ByteMutation.Number(input, random.OneIn(8) ? random.Below(HeaderSize) : HeaderSize + 1 + random.Below(input.Length - HeaderSize - 1), random)
            : ByteMutation.Apply(input, corpus, random);
        return random.OneIn(8) ? mutated : Sized(mutated);
    }

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _bytes.Place(input.AsSpan(1));
        try
        {
            if (!LogBatchHeader.TryRead(bytes, out LogBatchHeader header))
            {
                return false;
            }

            DecodedLogBatch batch = _decoder.Decode(bytes, header, _layouts[input[0] % _layouts.Length]);
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

    private static byte[] Sized(byte[] input)
    {
        if (input.Length >= 13)
        {
            BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(9), input.Length - 13);
        }

        return input;
    }
}
