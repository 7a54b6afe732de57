using System.Buffers.Binary;
using System.Globalization;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log.Rows;

/// <summary>Whatever a batch of rows holds: a decode whose every value can be read, or a typed error; never more memory than allowed, and all of it given back.</summary>
public sealed class HostileRowBatchTests : IDisposable
{
    private const long MaxBytes = 1 << 20;

    private readonly NativeSlabPool _pool = new(MaxBytes) { PoisonReturned = true };
    private readonly LogBatchDecoder _decoder;

    public HostileRowBatchTests() => _decoder = new LogBatchDecoder(_pool, maxBytes: MaxBytes);

    public static TheoryData<string> Logs => GoldenRowBatchTests.Logs;

    public void Dispose()
    {
        _decoder.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_batch_cut_anywhere_is_corrupt(string log)
    {
        BatchLayout layout = BatchFixture.Load(log, log).Layout(GoldenRowBatchTests.Format(log));
        byte[] batch = BatchFixture.Split(BatchFixture.ReadLog(log))[0];
        for (int length = 48; length < batch.Length; length++)
        {
            byte[] cut = batch[..length];
            BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(8), length - 12);
            FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(cut, BatchFixture.Header(cut), layout));
            Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
            Assert.Contains("offset 0 of table d.t", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_row_cut_anywhere_is_corrupt_and_the_error_names_record_and_column(string log)
    {
        BatchLayout layout = BatchFixture.Load(log, log).Layout(GoldenRowBatchTests.Format(log));
        byte[] batch = BatchFixture.Split(BatchFixture.ReadLog(log))[0];
        byte[] row = batch.AsSpan(48 + 5, BinaryPrimitives.ReadInt32LittleEndian(batch.AsSpan(48)) - 1).ToArray();
        for (int length = 0; length < row.Length; length++)
        {
            byte[] cut = RowBatches.Of(row[..length]);
            FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(cut, BatchFixture.Header(cut), layout));
            Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
            Assert.Contains("its record 0 ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Every_flipped_bit_gives_readable_values_or_a_typed_error(string log)
    {
        BatchLayout layout = BatchFixture.Load(log, log).Layout(GoldenRowBatchTests.Format(log));
        byte[] batch = BatchFixture.Split(BatchFixture.ReadLog(log))[0];
        int decoded = 0;
        for (int bit = 0; bit < batch.Length * 8; bit++)
        {
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
            decoded += TryDecode(batch, layout) ? 1 : 0;
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.InRange(decoded, 1, batch.Length * 8);
        Assert.True(TryDecode(batch, layout));
    }

    [Theory]
    // Null bits, then the values; INT is a varint in compacted rows.
    [InlineData("COMPACTED", "INT", "00", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "INT", "00 ffffffff1f", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "INT", "00 ffffffffffffffffff01", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "BIGINT", "00 ffffffffffffffffff02", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "BIGINT", "00 8080808080808080808001", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "INT", "00 05 05", "its record 0 goes on for 1 bytes behind its last value")]
    [InlineData("COMPACTED", "INT NOT NULL", "01", "in its record 0 column c is null, and INT NOT NULL")]
    [InlineData("COMPACTED", "STRING", "00 0261", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "STRING", "00 ffffffff0f61", "in its record 0 column c ends inside of its value")]
    [InlineData("COMPACTED", "STRING", "00 01ff", "column c holds a value that STRING does not allow")]
    [InlineData("COMPACTED", "TIME(3)", "00 80b89929", "column c holds a value that TIME(3) does not allow")]
    [InlineData("COMPACTED", "DECIMAL(3, 1)", "00 e807", "column c holds a value that DECIMAL(3, 1) does not allow")]
    [InlineData("COMPACTED", "DECIMAL(20, 1)", "00 00", "in its record 0 column c has a decimal of 0 bytes")]
    [InlineData("COMPACTED", "DECIMAL(20, 1)", "00 110000000000000000000000000000000001", "in its record 0 column c has a decimal of 17 bytes")]
    [InlineData("COMPACTED", "TIMESTAMP(6)", "00 00c0843d", "in its record 0 column c counts 1000000 nanoseconds in a millisecond")]
    [InlineData("COMPACTED", "TIMESTAMP(6)", "00 ffffffffffffffff7f00", "a 64-bit TIMESTAMP(6) does not reach")]
    [InlineData("COMPACTED", "TIMESTAMP(9)", "00 80c0f9fbeae16400", "a 64-bit TIMESTAMP(9) does not reach")]
    [InlineData("COMPACTED", "ARRAY<INT>", "00 03000000", "in its record 0 column c ends inside of its element count")]
    [InlineData("COMPACTED", "ARRAY<INT>", "00 04ffffffff", "in its record 0 column c counts -1 elements in 4 bytes")]
    [InlineData("COMPACTED", "ARRAY<INT>", "00 04ffffff7f", "in its record 0 column c counts 2147483647 elements in 4 bytes")]
    [InlineData("COMPACTED", "ARRAY<STRING>", "00 100100000000000000 f000000000000000", "in its record 0 column c.element ends inside of its value")]
    [InlineData("COMPACTED", "ARRAY<STRING>", "00 100100000000000000 0000000000000088", "in its record 0 column c.element ends inside of its value")]
    [InlineData("COMPACTED", "ARRAY<STRING>", "00 180200000000000000 08000000 08000000 08000000 08000000", "in its record 0 column c.element ends inside of its value")]
    [InlineData("COMPACTED", "MAP<INT, INT>", "00 0804000000 01000000", "in its record 0 column c counts 1 elements in 4 bytes")]
    [InlineData("COMPACTED", "MAP<INT, INT>", "00 1004000000 ffffff7f 00000000 00000000", "in its record 0 column c counts 2147483647 elements in 4 bytes")]
    [InlineData("COMPACTED", "MAP<INT, INT>", "00 18 0c000000 010000000000000001000000 0000000000000000", "in its record 0 column c has 1 keys and 0 values")]
    [InlineData("COMPACTED", "MAP<INT, INT>", "00 1c 0c000000 010000000100000000000000 010000000000000001000000", "in its record 0 column c.entries.key is null, and INT NOT NULL")]
    [InlineData("COMPACTED", "ROW<x INT>", "00 00", "in its record 0 column c ends before its first value")]
    [InlineData("COMPACTED", "ROW<x INT>", "00 03000505", "in its record 0 column c goes on for 1 bytes behind its last value")]
    [InlineData("INDEXED", "INT", "00 010000", "in its record 0 column c ends inside of its value")]
    [InlineData("INDEXED", "STRING", "00 020000", "its record 0 ends before its first value")]
    [InlineData("INDEXED", "STRING", "00 02000000 61", "in its record 0 column c ends inside of its value")]
    [InlineData("INDEXED", "STRING", "00 ffffffff 61", "in its record 0 column c ends inside of its value")]
    [InlineData("INDEXED", "CHAR(4)", "00 616263", "in its record 0 column c ends inside of its value")]
    [InlineData("INDEXED", "TIMESTAMP(6)", "00 0000000000000000 ffffffff", "in its record 0 column c counts -1 nanoseconds in a millisecond")]
    public void Values_that_could_lead_a_reader_astray_are_refused(string format, string type, string row, string message)
    {
        LogFormat rows = format == "INDEXED" ? LogFormat.Indexed : LogFormat.Compacted;
        byte[] batch = RowBatches.Of(Convert.FromHexString(row.Replace(" ", "", StringComparison.Ordinal)));
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), Layout(rows, type)));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains("offset 0 of table d.t", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_that_share_their_bytes_are_refused()
    {
        // Each level would make as many of the next one as it has slots, without any more bytes.
        const int Slots = 50;
        byte[] array = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for (int level = 0; level < 5; level++)
        {
            byte[] head = new byte[4 + 8 + (Slots * 8)];
            BinaryPrimitives.WriteInt32LittleEndian(head, Slots);
            for (int i = 0; i < Slots; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(12 + (i * 8)), ((long)head.Length << 32) | (uint)array.Length);
            }

            array = [.. head, .. array];
        }

        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, array.Length);
        byte[] batch = RowBatches.Of([0, .. length, .. array]);
        FlussException failure = Assert.Throws<FlussException>(
            () => _decoder.Decode(batch, BatchFixture.Header(batch), Layout(LogFormat.Indexed, "ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<INT>>>>>>")));
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
    }

    [Theory]
    [InlineData(2, "its record 1 is missing: the batch counts 2")]
    [InlineData(int.MaxValue, "its record 1 is missing: the batch counts 2147483647")]
    public void A_record_count_that_the_records_do_not_have_is_refused(int count, string message)
    {
        byte[] batch = RowBatches.Of([2, 0, 0, 0, 0, 1], count);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), Layout(LogFormat.Compacted, "INT")));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.KeptBytes);
    }

    [Theory]
    [InlineData("0000000000", "its record 0 has a length of 0 bytes where 1 are left")]
    [InlineData("ffffffff00", "its record 0 has a length of -1 bytes where 1 are left")]
    [InlineData("030000000000", "its record 0 has a length of 3 bytes where 2 are left")]
    [InlineData("02000000000107", "1 bytes follow its 1 records")]
    public void Records_that_do_not_fill_the_batch_are_refused(string records, string message)
    {
        byte[] batch = RowBatches.Of(Convert.FromHexString(records), 1);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), Layout(LogFormat.Compacted, "INT")));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_would_take_too_much_memory_is_refused_before_memory_is_taken()
    {
        // A null takes one bit of a row, and sixteen bytes of a column.
        FlussColumn[] columns = [.. Enumerable.Range(0, 64).Select(i => new FlussColumn(string.Create(CultureInfo.InvariantCulture, $"c{i}"), FlussType.Parse("DECIMAL(38, 0)"), i))];
        byte[] row = [.. Enumerable.Repeat((byte)0xFF, 8)];
        byte[] batch = RowBatches.Of([.. Enumerable.Repeat(row, 2_000)]);
        BatchLayout layout = BatchLayout.Create(BatchFixture.Table, columns, [.. Enumerable.Range(0, columns.Length)], LogFormat.Compacted);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), layout));
        Assert.Equal(FlussErrorCode.RecordTooLarge, failure.Code);
        Assert.Contains("column c", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.KeptBytes);
    }

    [Fact]
    public void Change_types_of_a_batch_that_is_not_append_only_have_to_be_known()
    {
        byte[] batch = RowBatches.Of([2, 0, 0, 0, 9, 1], 1);
        _decoder.Decode(batch, BatchFixture.Header(batch), Layout(LogFormat.Compacted, "TINYINT")).Release();
        batch[27] = 0;
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), Layout(LogFormat.Compacted, "TINYINT")));
        Assert.Contains("its record 0 has the unknown change type 9", failure.Message, StringComparison.Ordinal);
    }

    private static BatchLayout Layout(LogFormat format, string type) => BatchLayout.Create(BatchFixture.Table, [new FlussColumn("c", FlussType.Parse(type), 0)], [0], format);

    private bool TryDecode(byte[] bytes, BatchLayout layout)
    {
        try
        {
            if (!LogBatchHeader.TryRead(bytes, out LogBatchHeader header))
            {
                return false;
            }

            DecodedLogBatch batch = _decoder.Decode(bytes, header, layout);
            foreach (DecodedColumn column in batch.Columns)
            {
                BatchFixture.Read(column);
            }

            batch.Release();
            return true;
        }
        catch (FlussException failure)
        {
            Assert.True(failure.Code is FlussErrorCode.CorruptRecord or FlussErrorCode.UnsupportedVersion or FlussErrorCode.RecordTooLarge, failure.Message);
            return false;
        }
        finally
        {
            Assert.Equal(0, _pool.RentedBytes);
        }
    }
}
