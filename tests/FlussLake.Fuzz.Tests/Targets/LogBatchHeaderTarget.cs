using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The walk over the batches of an answer, whose last one may be cut.</summary>
public sealed class LogBatchHeaderTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } =
        [BatchFixture.ReadLog("changelog_zstd"), BatchFixture.ReadLog("before_1970"), GoldenWithStatistics(1), GoldenWithStatistics(2)];

    protected override long MaxAllocation(int inputLength) => 16 << 10;

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) =>
        input.Length > 64 && random.OneIn(2) ? ByteMutation.Number(input, random.Below(64), random) : ByteMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            ReadOnlySpan<byte> rest = input;
            while (LogBatchHeader.TryRead(rest, out LogBatchHeader header))
            {
                Assert.InRange(header.SizeInBytes, 48, rest.Length);
                Assert.InRange(header.RecordsStart, 48, header.SizeInBytes);
                Assert.InRange(header.CrcStart, 25, header.RecordsStart);
                Assert.True(header.NextOffset > header.BaseOffset && header.BaseOffset >= 0 && header.BaseOffset + header.RecordCount <= header.NextOffset);
                rest = rest[header.SizeInBytes..];
            }

            return true;
        }
        catch (FlussException refusal) when (refusal.Code == FlussErrorCode.CorruptRecord)
        {
            return false;
        }
    }

    // Layouts 1 and 2 hold statistics behind the header.
    private static byte[] GoldenWithStatistics(byte magic)
    {
        byte[] v0 = BatchFixture.ReadLog("before_1970");
        byte[] bytes = [.. v0[..21], .. magic == 2 ? [7, 0, 0, 0] : Array.Empty<byte>(), .. v0[21..48], 8, 0, 0, 0, .. new byte[8], .. v0[48..]];
        bytes[12] = magic;
        BitConverter.TryWriteBytes(bytes.AsSpan(8), bytes.Length - 12);
        return bytes;
    }
}
