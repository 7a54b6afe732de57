using System.Text.Json;

using FlussLake.Client;
using FlussLake.Embedded.Lake;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The files that say how far each bucket is in the lake.</summary>
public sealed class OffsetsFileTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        OffsetsFile.Write(7, new Dictionary<TableBucket, long> { [new TableBucket(7, null, 0)] = 10, [new TableBucket(7, null, 3)] = 1L << 40 }),
        OffsetsFile.Write(7, new Dictionary<TableBucket, long> { [new TableBucket(7, 2, 0)] = 10, [new TableBucket(7, 5, 1)] = 0 }),
    ];

    protected override long MaxAllocation(int inputLength) => (256 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            Assert.All(OffsetsFile.Read(input), static entry => Assert.True(entry.Value >= 0 && entry.Key.Bucket >= 0));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
