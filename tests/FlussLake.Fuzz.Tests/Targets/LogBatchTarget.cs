using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

public class LogBatchTarget : FuzzTarget, IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const int MetadataEnd = 1500;

    private readonly NativeSlabPool _pool = new(16 << 20);
    private readonly GuardedMemory _bytes = new(2 << 20);
    private readonly LogBatchDecoder _decoder;

    public LogBatchTarget()
        : this(null)
    {
    }

    private protected LogBatchTarget(Func<ZstdFrame>? zstd) => _decoder = new LogBatchDecoder(_pool, zstd, MaxBytes);

    protected override IReadOnlyList<byte[]> Corpus { get; } = ClientFixtures.Batches();

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
        byte[] mutated = input.Length > 48 && !random.OneIn(3)
            ? ByteMutation.Number(input, random.OneIn(3) ? random.Below(48) : 40 + (random.Below(Math.Min(MetadataEnd, input.Length - 48)) & ~3), random)
            : ByteMutation.Apply(input, corpus, random);
        return random.OneIn(8) ? mutated : Sized(mutated);
    }

    protected override bool TryDecode(byte[] input)
    {
        ReadOnlySpan<byte> bytes = _bytes.Place(input);
        try
        {
            bool isWhole = LogBatchHeader.TryRead(bytes, out LogBatchHeader header);
            if (!isWhole)
            {
                return false;
            }

            LogBatchDecoder.ChangeTypes(bytes, header);
            DecodedLogBatch batch = _decoder.Decode(bytes, header, LayoutOf(bytes, header));
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

    private static byte[] Sized(byte[] batch)
    {
        if (batch.Length >= 12)
        {
            BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        }

        return batch;
    }

    // The layout with as many nodes as the batch has, so that mutations meet the columns that they were made from.
    private static BatchLayout LayoutOf(ReadOnlySpan<byte> bytes, in LogBatchHeader header)
    {
        int start = header.RecordsStart + (header.IsAppendOnly ? 0 : header.RecordCount);
        try
        {
            int nodes = start < 0 || start > header.SizeInBytes ? 0 : RecordBatchMessage.Parse(bytes[start..header.SizeInBytes]).NodeCount;
            return Array.Find(ClientFixtures.Layouts, layout => layout.NodeCount == nodes) ?? ClientFixtures.Layouts[0];
        }
        catch (BatchFormatException)
        {
            return ClientFixtures.Layouts[0];
        }
    }
}
