using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Log;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Columns cut out of batches that writers sent; what was cut is a batch again.</summary>
public sealed class ProjectionTarget : FuzzTarget
{
    private readonly Projection _projection = Projection.Create(Table(), [1, 3, 8]);

    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. ClientFixtures.Batches("nested").Select(static batch => OfSchema(batch))];

    protected override long MaxAllocation(int inputLength) => (64 << 10) + (8L * inputLength);

    protected override byte[] Cut(byte[] entry, int length) => OfSchema(entry[..length]);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = input.Length > 1500 && !random.OneIn(3) ? ByteMutation.Number(input, random.Below(1500), random) : ByteMutation.Apply(input, corpus, random);
        return random.OneIn(8) ? mutated : OfSchema(mutated);
    }

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            byte[] projected = _projection.Apply(Answers.Bucket, input);
            Assert.True(ReferenceEquals(projected, input) || LogBatchHeader.TryRead(projected, out _));
            return true;
        }
        catch (FlussException refusal) when (refusal.Code is FlussErrorCode.CorruptRecord or FlussErrorCode.UnsupportedVersion)
        {
            return false;
        }
    }

    // A batch of the table's schema, of the length that is there.
    private static byte[] OfSchema(byte[] batch)
    {
        if (batch.Length >= 48)
        {
            BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
            BinaryPrimitives.WriteInt16LittleEndian(batch.AsSpan(25), 1);
        }

        return batch;
    }

    private static TableEntry Table()
    {
        FlussColumn[] columns = Answers.Columns("nested");
        return new TableEntry
        {
            TableId = 7,
            Path = BatchFixture.Table,
            Descriptor = new TableDescriptor { Columns = columns, BucketCount = 1 },
            Schemas = [new StoredSchema(new TableSchema(1, columns, []))],
            CreatedTime = 0,
            ModifiedTime = 0,
        };
    }
}
