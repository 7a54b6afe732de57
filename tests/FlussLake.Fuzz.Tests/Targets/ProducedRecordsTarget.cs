using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Tests.Servers;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>What writers send to the embedded server for one bucket. Most inputs get the length and the checksum that they would have, so that what lies behind both is reached.</summary>
public sealed class ProducedRecordsTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = [Batches.Of(0, 3), [.. Batches.Of(0, 2), .. Batches.Empty(), .. Batches.OfChanges(5, 4)], .. ClientFixtures.Batches("generated")];

    protected override long MaxAllocation(int inputLength) => (16 << 10) + (8L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = input.Length > 48 && random.OneIn(2) ? ByteMutation.Number(input, random.Below(48), random) : ByteMutation.Apply(input, corpus, random);
        if (mutated.Length >= 48 && !random.OneIn(4))
        {
            BinaryPrimitives.WriteInt32LittleEndian(mutated.AsSpan(8), mutated.Length - 12);
            BinaryPrimitives.WriteUInt32LittleEndian(mutated.AsSpan(21), Crc32C.Compute(mutated.AsSpan(25)));
        }

        return mutated;
    }

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            Assert.All(ProducedRecords.Read(Answers.Bucket, input), static header => Assert.True(header.Magic == 0 && header.RecordCount >= 0));
            return true;
        }
        catch (FlussException refusal) when (refusal.Code == FlussErrorCode.CorruptRecord)
        {
            return false;
        }
    }
}
