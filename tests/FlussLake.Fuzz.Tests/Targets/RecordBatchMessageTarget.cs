using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The walk over the flatbuffer alone: positions that point backwards, at themselves or outside, tables and vectors of absurd sizes.</summary>
public sealed class RecordBatchMessageTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } =
        [.. ClientFixtures.Batches("none").Select(static batch => batch[48..]), .. ClientFixtures.Batches("generated_zstd").Select(static batch => batch[48..])];

    protected override long MaxAllocation(int inputLength) => 16 << 10;

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => input.Length > 8 && !random.OneIn(4)
        ? ByteMutation.Number(input, random.Below(random.OneIn(2) ? 100 : Math.Min(input.Length, 1200)) % input.Length, random)
        : ByteMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            RecordBatchMessage message = RecordBatchMessage.Parse(input);
            for (int i = 0; i < message.NodeCount; i++)
            {
                message.Node(i);
            }

            for (int i = 0; i < message.BufferCount; i++)
            {
                (int start, int length) = message.Buffer(i);
                _ = message.Body.Slice(start, length);
            }

            return true;
        }
        catch (BatchFormatException)
        {
            return false;
        }
    }
}
