using System.Buffers.Binary;
using System.Globalization;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

/// <summary>Whatever a batch holds: a decode whose every value can be read, or a typed error; never more memory than allowed, and all of it given back.</summary>
public sealed class HostileBatchTests : IDisposable
{
    private const long MaxBytes = 1 << 20;

    private readonly NativeSlabPool _pool = new(MaxBytes) { PoisonReturned = true };
    private readonly LogBatchDecoder _decoder;

    public HostileBatchTests() => _decoder = new LogBatchDecoder(_pool, maxBytes: MaxBytes);

    public static TheoryData<string, string> Logs => new()
    {
        { "changelog_zstd", "changelog" }, { "before_1970", "before_1970" }, { "nested_lz4", "nested" }, { "nested_none", "nested" }, { "scalars_zstd", "scalars" },
    };

    public void Dispose()
    {
        _decoder.Dispose();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_batch_cut_anywhere_is_incomplete_or_corrupt(string log, string rows)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        BatchLayout layout = fixture.Layout();
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
        for (int length = 0; length < batch.Length; length++)
        {
            Assert.False(LogBatchHeader.TryRead(batch.AsSpan(0, length), out _));
            if (length < 48)
            {
                continue;
            }

            // A length that fits makes the cut look like the end; only zeros that pad the end may be missing.
            byte[] cut = batch[..length];
            BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(8), length - 12);
            FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(cut, BatchFixture.Header(cut), layout));
            Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Every_flipped_bit_gives_readable_values_or_a_typed_error(string log, string rows)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        BatchLayout layout = fixture.Layout();
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
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
    [MemberData(nameof(Logs))]
    public void Overwritten_bytes_give_readable_values_or_a_typed_error(string log, string rows)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        BatchLayout layout = fixture.Layout();
        byte[] original = BatchFixture.Split(fixture.Log)[0];
        byte[] patterns = [0, 1, 0x7F, 0x80, 0xFF];
#pragma warning disable CA5394 // A fixed seed is the point.
        Random random = new(20_240_229);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] batch = [.. original];
            for (int i = random.Next(4); i >= 0; i--)
            {
                int at = random.Next(48, batch.Length);
                batch.AsSpan(at, Math.Min(random.Next(1, 9), batch.Length - at)).Fill(patterns[random.Next(patterns.Length)]);
            }

            TryDecode(batch, layout);
        }
#pragma warning restore CA5394
    }

    [Fact]
    public void A_batch_of_another_layout_is_refused()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        BatchLayout layout = BatchLayout.Create(BatchFixture.Table, fixture.Columns[..6], [0]);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), layout));
        Assert.Equal("Cannot decode the log batch at offset 0 of table d.t: it has 7 Arrow nodes and 15 buffers where its columns need 6 and 13.", failure.Message);
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
    }

    [Fact]
    public void A_record_count_that_the_Arrow_metadata_contradicts_is_refused()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        byte[] batch = [.. fixture.Log];
        batch[44] = 149;
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Contains("counts 149 records and its Arrow metadata 150", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_codec_is_named()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        byte[] batch = [.. fixture.Log];
        // The compression table's vtable and fields come right before the buffers: codec 1 is the only byte of it that is not zero.
        int codec = batch.AsSpan(0x80, 0x20).IndexOf((byte)1) + 0x80;
        while (batch[codec] != 1 || batch[codec + 1] != 0x0F)
        {
            codec++;
        }

        batch[codec] = 7;
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Equal(FlussErrorCode.UnsupportedVersion, failure.Code);
        Assert.Contains("compression codec 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoded_size_that_the_compressed_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        byte[] batch = [.. fixture.Log];
        // The data buffer of column "name": its length prefix.
        int at = BufferStart(batch, 4);
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(at), 1_000_000);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Contains("buffer 2 of column name cannot hold 1000000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.KeptBytes);
    }

    [Fact]
    public void A_batch_that_would_take_too_much_memory_is_refused_before_memory_is_taken()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool, maxBytes: 4096);
        FlussException failure = Assert.Throws<FlussException>(() => decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), fixture.Layout()));
        Assert.Equal(FlussErrorCode.RecordTooLarge, failure.Code);
        Assert.Contains("column price", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.KeptBytes);
    }

    [Theory]
    // Buffers of generated: 0-1 id, 2-4 name, 5-6 price, 7-8 flag, 9-10 at, 11-12 score, 13-14 day.
    [InlineData("generated", 3, 0, -1, "offsets of column name")]
    [InlineData("generated", 3, 40, 2_000_000_000, "offsets of column name")]
    [InlineData("generated", 3, 600, 1_000_000, "offsets of column name")]
    [InlineData("generated", 4, 0, 0x41414180, "column name holds a value that STRING NOT NULL does not allow")]
    [InlineData("generated", 6, 12, 0x00000100, "column price holds a value that DECIMAL(12, 2) NOT NULL does not allow")]
    [InlineData("generated", 7, 0, 0, "validity bits")]
    // Buffers of nested: 0-1 id, 2-3 ai, 4-5 ai.element, 6-7 as, 8-10 as.element, 11-12 m.
    [InlineData("nested", 3, 4, 1_000, "offsets of column ai")]
    [InlineData("nested", 7, 4, -5, "offsets of column as")]
    [InlineData("nested", 9, 4, 77_777, "offsets of column as.element")]
    public void Values_that_could_lead_a_reader_astray_are_refused(string rows, int buffer, int at, int value, string message)
    {
        BatchFixture fixture = BatchFixture.Load(rows + "_none", rows);
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(BufferStart(batch, buffer) + at), value);
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
    }

    [Theory]
    [InlineData(0, 86_400)]
    [InlineData(3, 86_400_000)]
    [InlineData(6, 86_400_000_000)]
    [InlineData(9, 86_400_000_000_000)]
    [InlineData(6, -1)]
    public void Times_outside_of_a_day_are_refused(int precision, long value)
    {
        BatchFixture fixture = BatchFixture.Load("scalars_none", "scalars");
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
        int column = Array.FindIndex(fixture.Columns, column => column.Name == $"t{precision.ToString(CultureInfo.InvariantCulture)}");
        // Three columns before the times have a third buffer: ch, s and by.
        int at = BufferStart(batch, (column * 2) + 3 + 1);
        if (precision <= 3)
        {
            BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(at), (int)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(at), value);
        }

        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Contains($"column t{precision} holds a value that TIME({precision}) does not allow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_map_keys_are_refused()
    {
        BatchFixture fixture = BatchFixture.Load("nested_none", "nested");
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
        // Nodes of nested: 0 id, 1-2 ai, 3-4 as, 5 m, 6 m.entries, 7 m.entries.key. Each is a length and a null count; find the key's by its length and the next one's.
        int node = batch.AsSpan().IndexOf(Node(3, 0, 3, 0, 3, 1));
        Assert.True(node > 0);
        batch[node + 16 + 8] = 1;
        FlussException failure = Assert.Throws<FlussException>(() => _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout()));
        Assert.Contains("column m.entries.key holds nulls", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_under_a_null_does_not_matter()
    {
        BatchFixture fixture = BatchFixture.Load("scalars_none", "scalars");
        byte[] batch = BatchFixture.Split(fixture.Log)[0];
        int column = Array.FindIndex(fixture.Columns, column => column.Name == "t3");
        int row = Array.FindIndex(fixture.Expected(column, 0, 4), value => value == "null");
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(BufferStart(batch, (column * 2) + 3 + 1) + (row * 4)), -1);
        int price = Array.FindIndex(fixture.Columns, column => column.Name == "d38_10");
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(BufferStart(batch, (price * 2) + 3 + 1) + (row * 16) + 8), long.MaxValue);
        DecodedLogBatch decoded = _decoder.Decode(batch, BatchFixture.Header(batch), fixture.Layout());
        Assert.Equal(fixture.Expected(column, 0, 4), BatchFixture.Read(decoded.Columns[column]));
        Assert.Equal(fixture.Expected(price, 0, 4), BatchFixture.Read(decoded.Columns[price]));
        decoded.Release();
    }

    [Fact]
    public void An_unknown_change_type_is_refused()
    {
        byte[] batch = BatchFixture.Split(BatchFixture.ReadLog("changelog_zstd"))[0];
        batch[49] = 5;
        FlussException failure = Assert.Throws<FlussException>(() => LogBatchDecoder.ChangeTypes(batch, BatchFixture.Header(batch)).Length);
        Assert.Contains("record 1 has the unknown change type 5", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Node(params long[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>The position of a buffer in a batch, whose body is its end.</summary>
    private static int BufferStart(byte[] batch, int buffer)
    {
        RecordBatchMessage message = RecordBatchMessage.Parse(batch.AsSpan(48));
        return batch.Length - message.Body.Length + message.Buffer(buffer).Start;
    }

    private bool TryDecode(byte[] bytes, BatchLayout layout)
    {
        try
        {
            if (!LogBatchHeader.TryRead(bytes, out LogBatchHeader header))
            {
                return false;
            }

            LogBatchDecoder.ChangeTypes(bytes, header);
            DecodedLogBatch batch = _decoder.Decode(bytes, header, layout);
            try
            {
                Assert.InRange(batch.NativeBytes, 0, MaxBytes + (MaxBytes / 4));
                foreach (DecodedColumn column in batch.Columns)
                {
                    BatchFixture.Read(column);
                }
            }
            finally
            {
                batch.Release();
            }

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
