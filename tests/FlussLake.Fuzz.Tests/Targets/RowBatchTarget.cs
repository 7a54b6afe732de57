using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Batches of rows. Their first byte says which columns they are decoded to.</summary>
public abstract class RowBatchTarget : BatchTarget
{
    private readonly BatchLayout[] _layouts;

    private protected RowBatchTarget(LogFormat format, string suffix)
        : base(null)
    {
        string[] logs = ["scalars" + suffix, "nested" + suffix];
        _layouts = [.. logs.Select(log => BatchFixture.Load(log, log).Layout(format))];
        Corpus = [.. logs.SelectMany(static (log, layout) => BatchFixture.Split(BatchFixture.ReadLog(log)).Select(batch => (byte[])[(byte)layout, .. batch]))];
    }

    protected override IReadOnlyList<byte[]> Corpus { get; }

    protected override int BatchStart => 1;

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = input.Length > HeaderSize + 1 && !random.OneIn(3)
            ? ByteMutation.Number(input, random.OneIn(8) ? random.Below(HeaderSize) : HeaderSize + 1 + random.Below(input.Length - HeaderSize - 1), random)
            : ByteMutation.Apply(input, corpus, random);
        return random.OneIn(8) ? mutated : Sized(mutated);
    }

    private protected override BatchLayout LayoutOf(byte[] input, ReadOnlySpan<byte> batch, in LogBatchHeader header) => _layouts[input[0] % _layouts.Length];
}
