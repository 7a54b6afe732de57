using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;

namespace FlussLake.Client.Tests.Log.Rows;

/// <summary>Batches of rows as a Fluss 0.9.1 server stores them, decoded to columns.</summary>
public sealed class GoldenRowBatchTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };
    private readonly LogBatchDecoder _decoder;

    public GoldenRowBatchTests() => _decoder = new LogBatchDecoder(_pool);

    public static TheoryData<string> Logs => ["scalars_indexed", "scalars_compacted", "nested_indexed", "nested_compacted"];

    public void Dispose()
    {
        _decoder.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
    }

    internal static LogFormat Format(string log) => log.EndsWith("indexed", StringComparison.Ordinal) ? LogFormat.Indexed : LogFormat.Compacted;

    [Theory]
    [MemberData(nameof(Logs))]
    public void Every_value_is_what_the_Java_client_reads(string log)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        BatchLayout layout = fixture.Layout(Format(log));
        int first = 0;
        foreach (byte[] bytes in BatchFixture.Split(fixture.Log))
        {
            DecodedLogBatch batch = _decoder.Decode(bytes, BatchFixture.Header(bytes), layout);
            for (int i = 0; i < fixture.Columns.Length; i++)
            {
                string[] expected = fixture.Expected(i, first, batch.RowCount, Format(log));
                Assert.Equal(expected, BatchFixture.Read(batch.Columns[i]));
                Assert.Equal(expected.Count(value => value == "null"), batch.Columns[i].NullCount);
            }

            first += batch.RowCount;
            batch.Release();
        }

        Assert.Equal(fixture.Rows.Length, first);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Each_column_can_be_wanted_alone(string log)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        byte[] bytes = BatchFixture.Split(fixture.Log)[0];
        for (int i = 0; i < fixture.Columns.Length; i++)
        {
            DecodedLogBatch batch = _decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, fixture.Columns, [i], Format(log)));
            Assert.Equal(1, batch.Columns.Length);
            Assert.Equal(fixture.Expected(i, 0, batch.RowCount, Format(log)), BatchFixture.Read(batch.Columns[0]));
            batch.Release();
        }
    }

    [Theory]
    [InlineData("scalars_indexed", new[] { 10, 3, 15, 14, 0 })]
    [InlineData("nested_compacted", new[] { 6, 1, 5 })]
    public void Columns_come_in_the_order_in_which_they_are_wanted(string log, int[] wanted)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        byte[] bytes = BatchFixture.Split(fixture.Log)[1];
        DecodedLogBatch batch = _decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, fixture.Columns, wanted, Format(log)));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(fixture.Expected(wanted[i], 4, batch.RowCount, Format(log)), BatchFixture.Read(batch.Columns[i]));
        }

        batch.Release();
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_batch_of_which_no_column_is_wanted_has_its_row_count_and_takes_no_memory(string log)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        byte[] bytes = BatchFixture.Split(fixture.Log)[0];
        DecodedLogBatch batch = _decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, fixture.Columns, [], Format(log)));
        Assert.Equal(4, batch.RowCount);
        Assert.Equal(0, batch.NativeBytes);
        batch.Release();
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Buffers_are_aligned(string log)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        byte[] bytes = BatchFixture.Split(fixture.Log)[0];
        DecodedLogBatch batch = _decoder.Decode(bytes, BatchFixture.Header(bytes), fixture.Layout(Format(log)));
        AssertAligned(batch.Columns);
        batch.Release();
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Decoding_allocates_nothing_for_a_row(string log)
    {
        BatchFixture fixture = BatchFixture.Load(log, log);
        BatchLayout layout = fixture.Layout(Format(log));
        List<byte[]> batches = BatchFixture.Split(fixture.Log);
        byte[] few = batches[0];
        byte[] many = RowBatches.Repeat(few, 200);
        Assert.InRange(Allocated(many, layout), 0, Allocated(few, layout));
    }

    private long Allocated(byte[] bytes, BatchLayout layout)
    {
        LogBatchHeader header = BatchFixture.Header(bytes);
        _decoder.Decode(bytes, header, layout).Release();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _decoder.Decode(bytes, header, layout).Release();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertAligned(ReadOnlySpan<DecodedColumn> columns)
    {
        foreach (DecodedColumn column in columns)
        {
            Assert.Equal(0, column.Validity % 64);
            Assert.Equal(0, column.Offsets % 64);
            Assert.Equal(0, column.Data % 64);
            AssertAligned(column.Children);
        }
    }
}
