using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>A scan's walk over the batches of an answer: an input is the start and the end of what is wanted (8 bytes each), and the answer's records.</summary>
public sealed class BatchWalkTarget : FuzzTarget
{
    private const int Prefix = 16;
    private const int LengthField = 8;
    private const int OffsetFields = 48;

    protected override IReadOnlyList<byte[]> Corpus { get; } = Made();

    // A batch is at least 48 bytes, and becomes an object.
    protected override long MaxAllocation(int inputLength) => (16 << 10) + (8L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        if (input.Length <= Prefix || random.OneIn(6))
        {
            return ByteMutation.Apply(input, corpus, random);
        }

        List<(int Start, int End)> batches = Cut(input);
        (int start, int end) = random.Pick(batches);
        switch (random.Below(7))
        {
            case 0:
                return ByteMutation.Number(input, random.Below(Prefix), random);
            case 1:
                return input[..(start + random.Below(end - start))];
            case 2:
                // A batch again, right behind itself or at the end: its offsets go back.
                return random.OneIn(2) ? [.. input.AsSpan(0, end), .. input.AsSpan(start)] : [.. input, .. input.AsSpan(start, end - start)];
            case 3:
                return [.. input.AsSpan(0, start), .. input.AsSpan(end)];
            case 4:
                (int other, int otherEnd) = random.Pick(batches);
                return [.. input.AsSpan(0, start), .. input.AsSpan(other, otherEnd - other), .. input.AsSpan(end)];
            case 5 when start + LengthField + 4 <= input.Length:
                BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(start + LengthField), (int)HostileNumbers.Next(random, start, input.Length));
                return input;
            default:
                return ByteMutation.Number(input, Math.Min(input.Length - 1, start + random.Below(OffsetFields)), random);
        }
    }

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length < Prefix)
        {
            return false;
        }

        long start = BinaryPrimitives.ReadInt64LittleEndian(input);
        long end = BinaryPrimitives.ReadInt64LittleEndian(input.AsSpan(8));
        if ((start < 0 && start != LogRange.Earliest) || end <= Math.Max(0, start))
        {
            return false;
        }

        List<LogScanBatch> batches = [];
        long next;
        try
        {
            // No batch is disposed, so that the frame is never given back.
            next = BatchWalk.Run("it", new LogRange(Answers.Bucket, start, end), new FetchedFrame(null!, null!), input.AsMemory(Prefix), false, batches);
        }
        catch (FlussException refusal) when (refusal.Code == FlussErrorCode.CorruptRecord)
        {
            return false;
        }

        AssertFollow(batches, start, end, next);
        return true;
    }

    // Every row lies in the range, and none comes twice or out of turn.
    private static void AssertFollow(List<LogScanBatch> batches, long start, long end, long next)
    {
        long reached = start == LogRange.Earliest ? 0 : start;
        foreach (LogScanBatch batch in batches)
        {
            long first = batch.Header.BaseOffset + batch.FirstRow;
            Assert.True(batch.FirstRow >= 0 && batch.RowCount > 0 && batch.FirstRow + (long)batch.RowCount <= batch.Header.RecordCount);
            Assert.True(first >= reached && first + batch.RowCount <= end, $"{first} to {first + batch.RowCount} after {reached}, before {end}");
            Assert.Equal(batch.Header.SizeInBytes, batch.Bytes.Length);
            Assert.Equal(batch.Header, LogBatchHeader.TryRead(batch.Bytes, out LogBatchHeader header) ? header : default);
            reached = Math.Max(first + batch.RowCount, Math.Min(batch.Header.NextOffset, end));
        }

        Assert.True(next == start || next >= reached, $"{next} after {reached}");
        Assert.True(batches.Count == 0 || next >= reached);
    }

    private static List<(int Start, int End)> Cut(byte[] input)
    {
        List<(int Start, int End)> batches = [];
        for (int at = Prefix; at < input.Length;)
        {
            long length = at + 12 <= input.Length ? BinaryPrimitives.ReadInt32LittleEndian(input.AsSpan(at + LengthField)) + 12L : input.Length;
            int end = length < 13 || at + length > input.Length ? input.Length : at + (int)length;
            batches.Add((at, end));
            at = end;
        }

        return batches;
    }

    private static List<byte[]> Made()
    {
        byte[] batch = BatchFixture.Split(BatchFixture.ReadLog("before_1970"))[0];
        Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
        int rows = header.LastOffsetDelta + 1;
        byte[] four = [.. Enumerable.Range(0, 4).SelectMany(i => At(batch, 100 + (i * rows)))];
        return
        [
            Input(100, 100 + (4 * rows), four),
            Input(101, 101 + (3 * rows), four),
            Input(LogRange.Earliest, long.MaxValue, four),
            Input(100, 100 + (4 * rows), four[..^9]),
        ];

        static byte[] At(byte[] batch, long offset)
        {
            byte[] copy = [.. batch];
            BinaryPrimitives.WriteInt64LittleEndian(copy, offset);
            return copy;
        }

        static byte[] Input(long start, long end, byte[] records) => [.. BitConverter.GetBytes(start), .. BitConverter.GetBytes(end), .. records];
    }
}
