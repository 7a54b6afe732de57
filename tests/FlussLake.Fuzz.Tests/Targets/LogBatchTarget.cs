using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

public class LogBatchTarget : BatchTarget
{
    private const int MetadataEnd = 1500;

    public LogBatchTarget()
        : this(null)
    {
    }

    private protected LogBatchTarget(Func<ZstdFrame>? zstd)
        : base(zstd)
    {
    }

    protected override IReadOnlyList<byte[]> Corpus { get; } = ClientFixtures.Batches();

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = input.Length > HeaderSize && !random.OneIn(3)
            ? ByteMutation.Number(input, random.OneIn(3) ? random.Below(HeaderSize) : 40 + (random.Below(Math.Min(MetadataEnd, input.Length - HeaderSize)) & ~3), random)
            : ByteMutation.Apply(input, corpus, random);
        return random.OneIn(8) ? mutated : Sized(mutated);
    }

    // The layout with as many nodes as the batch has, so that mutations meet the columns that they were made from.
    private protected override BatchLayout LayoutOf(byte[] input, ReadOnlySpan<byte> batch, in LogBatchHeader header)
    {
        LogBatchDecoder.ChangeTypes(batch, header);
        int start = header.RecordsStart + (header.IsAppendOnly ? 0 : header.RecordCount);
        try
        {
            int nodes = start < 0 || start > header.SizeInBytes ? 0 : RecordBatchMessage.Parse(batch[start..header.SizeInBytes]).NodeCount;
            return Array.Find(ClientFixtures.Layouts, layout => layout.NodeCount == nodes) ?? ClientFixtures.Layouts[0];
        }
        catch (BatchFormatException)
        {
            return ClientFixtures.Layouts[0];
        }
    }
}
