using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>FetchLog answers, which are read in place, with the walk over the batches in them.</summary>
public sealed class FetchLogResponseTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = Answers.Fetched();

    // The description of remote segments is a message of messages, read by a generated parser.
    protected override long MaxAllocation(int inputLength) => (64 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => ProtobufMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            foreach (TableBucket bucket in (ReadOnlySpan<TableBucket>)[Answers.Bucket, Answers.PartitionBucket])
            {
                if (FetchLogResponseReader.TryFind(input, bucket, out FetchLogBucketAnswer answer))
                {
                    Walk(input.AsSpan()[answer.Records]);
                }
            }

            return true;
        }
        catch (Exception refusal) when (refusal is FormatException or FlussException { Code: FlussErrorCode.CorruptRecord })
        {
            return false;
        }
    }

    private static void Walk(ReadOnlySpan<byte> records)
    {
        while (LogBatchHeader.TryRead(records, out LogBatchHeader header))
        {
            records = records[header.SizeInBytes..];
        }
    }
}
