using System.Buffers.Binary;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class GoldenEncodingTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    public static TheoryData<string, string, string> Logs => new()
    {
        { "scalars_zstd", "scalars", nameof(BodyCodec.Zstd) }, { "scalars_lz4", "scalars", nameof(BodyCodec.Lz4Frame) }, { "scalars_none", "scalars", nameof(BodyCodec.None) },
        { "generated_zstd", "generated", nameof(BodyCodec.Zstd) }, { "generated_lz4", "generated", nameof(BodyCodec.Lz4Frame) }, { "generated_none", "generated", nameof(BodyCodec.None) },
        { "nested_zstd", "nested", nameof(BodyCodec.Zstd) }, { "nested_lz4", "nested", nameof(BodyCodec.Lz4Frame) }, { "nested_none", "nested", nameof(BodyCodec.None) },
        { "before_1970", "before_1970", nameof(BodyCodec.Zstd) },
    };

    public void Dispose() => Assert.Equal(0, _pool.RentedBytes);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Rows_of_the_Java_client_are_encoded_to_what_it_wrote(string log, string rows, string codecName)
    {
        BodyCodec codec = Enum.Parse<BodyCodec>(codecName);
        BatchFixture fixture = BatchFixture.Load(log, rows);
        using LogBatchEncoder encoder = new(BatchFixture.Table, new TableSchema(1, fixture.Columns, []), codec, 3);
        ObjectRow row = new(BatchFixture.Table, new TableSchema(1, fixture.Columns, []));
        using LogBatchDecoder decoder = new(_pool);
        int first = 0;
        foreach (byte[] java in BatchFixture.Split(fixture.Log))
        {
            LogBatchHeader theirs = BatchFixture.Header(java);
            encoder.Reset();
            for (int i = 0; i < theirs.RecordCount; i++)
            {
                row.Set([.. fixture.Rows[first + i].Select((value, column) => JsonValues.Of(value, fixture.Columns[column].Type))]);
                encoder.Append(row);
            }

            using EncodedLogBatch encoded = encoder.Encode(theirs.WriterId, theirs.BatchSequence);
            byte[] bytes = encoded.Bytes.ToArray();
            LogBatchHeader ours = BatchFixture.Header(bytes);
            Assert.Equal(java.AsSpan(ours.CrcStart, 48 - ours.CrcStart), bytes.AsSpan(ours.CrcStart, 48 - ours.CrcStart));
            Assert.Equal((0L, 0L, 0), (ours.BaseOffset, ours.CommitTimestamp, ours.Magic));
            Assert.Equal(ours.Crc, Crc32CReference.Of(bytes.AsSpan(ours.CrcStart)));
            AssertSameLayout(java.AsSpan(theirs.RecordsStart), bytes.AsSpan(ours.RecordsStart), codec);

            DecodedLogBatch batch = decoder.Decode(bytes, ours, fixture.Layout());
            for (int i = 0; i < fixture.Columns.Length; i++)
            {
                Assert.Equal(fixture.Expected(i, first, batch.RowCount), BatchFixture.Read(batch.Columns[i]));
            }

            batch.Release();
            first += theirs.RecordCount;
        }

        Assert.Equal(fixture.Rows.Length, first);
    }

    private static void AssertSameLayout(ReadOnlySpan<byte> java, ReadOnlySpan<byte> bytes, BodyCodec codec)
    {
        RecordBatchMessage theirs = RecordBatchMessage.Parse(java);
        RecordBatchMessage ours = RecordBatchMessage.Parse(bytes);
        Assert.Equal(theirs.Codec, ours.Codec);
        Assert.Equal(theirs.RowCount, ours.RowCount);
        Assert.Equal(theirs.NodeCount, ours.NodeCount);
        for (int i = 0; i < theirs.NodeCount; i++)
        {
            Assert.Equal(theirs.Node(i), ours.Node(i));
        }

        Assert.Equal(theirs.BufferCount, ours.BufferCount);
        for (int i = 0; i < theirs.BufferCount; i++)
        {
            (long start, long length) = ours.Buffer(i);
            Assert.Equal(0, start % 8);
            if (codec == BodyCodec.None)
            {
                Assert.True(theirs.Buffer(i) == ours.Buffer(i), $"buffer {i} {theirs.Buffer(i)} {ours.Buffer(i)}");
            }
        }

        for (int i = 0; codec == BodyCodec.Lz4Frame && i < theirs.BufferCount; i++)
        {
            ReadOnlySpan<byte> theirFrame = theirs.Body.Slice((int)theirs.Buffer(i).Start, (int)theirs.Buffer(i).Length);
            ReadOnlySpan<byte> ourFrame = ours.Body.Slice((int)ours.Buffer(i).Start, (int)ours.Buffer(i).Length);
            if (IsCompressed(theirFrame) && IsCompressed(ourFrame))
            {
                // The length before the frame, and the frame's header.
                Assert.Equal(theirFrame[..15], ourFrame[..15]);
            }
        }

        if (codec == BodyCodec.None)
        {
            Assert.Equal(theirs.Body.ToArray(), ours.Body.ToArray());
        }
    }

    private static bool IsCompressed(ReadOnlySpan<byte> buffer) => buffer.Length > 15 && BinaryPrimitives.ReadInt64LittleEndian(buffer) != -1;
}
