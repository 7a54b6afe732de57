using System.Buffers.Binary;
using System.Globalization;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log;

public sealed class GoldenBatchTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    public static TheoryData<string, string> Logs => new()
    {
        { "scalars_zstd", "scalars" }, { "scalars_lz4", "scalars" }, { "scalars_none", "scalars" },
        { "generated_zstd", "generated" }, { "generated_lz4", "generated" }, { "generated_none", "generated" },
        { "nested_zstd", "nested" }, { "nested_lz4", "nested" }, { "nested_none", "nested" },
        { "before_1970", "before_1970" }, { "changelog_zstd", "changelog" },
    };

    public void Dispose() => Assert.Equal(0, _pool.RentedBytes);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Every_value_is_what_the_Java_client_reads(string log, string rows) => AssertEveryValue(log, rows, null);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Every_value_is_the_same_without_the_native_library(string log, string rows) => AssertEveryValue(log, rows, () => new ManagedZstdFrame());

    [Fact]
    public void The_native_library_is_there_where_it_is_tested()
    {
        using ZstdFrame zstd = ZstdFrame.Create();
        Assert.True(LibZstd.IsAvailable);
        Assert.IsType<NativeZstdFrame>(zstd);
    }

    [Theory]
    [InlineData("projected_scalars_zstd", "scalars", new[] { 1, 8, 11, 14, 19, 20, 30, 41 })]
    [InlineData("projected_scalars_none", "scalars", new[] { 0, 8, 10, 18 })]
    [InlineData("projected_generated_lz4", "generated", new[] { 1, 4 })]
    [InlineData("projected_nested_zstd", "nested", new[] { 2, 3, 8 })]
    [InlineData("projected_changelog_zstd", "changelog", new[] { 1 })]
    public void Batches_that_the_server_projected_hold_the_projected_columns(string log, string rows, int[] positions)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        FlussColumn[] physical = [.. positions.Select(position => fixture.Columns[position])];
        BatchLayout layout = BatchLayout.Create(BatchFixture.Table, physical, [.. Enumerable.Range(0, physical.Length)]);
        using LogBatchDecoder decoder = new(_pool);
        int first = 0;
        foreach (byte[] bytes in BatchFixture.Split(fixture.Log))
        {
            DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), layout);
            for (int i = 0; i < physical.Length; i++)
            {
                Assert.Equal(fixture.Expected(positions[i], first, batch.RowCount), BatchFixture.Read(batch.Columns[i]));
            }

            first += batch.RowCount;
            batch.Release();
        }

        Assert.Equal(fixture.Rows.Length, first);
    }

    [Theory]
    [InlineData("nested_zstd", "nested")]
    [InlineData("scalars_lz4", "scalars")]
    public void Each_column_can_be_wanted_alone(string log, string rows)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        byte[] bytes = BatchFixture.Split(fixture.Log)[0];
        using LogBatchDecoder decoder = new(_pool);
        for (int i = 0; i < fixture.Columns.Length; i++)
        {
            DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, fixture.Columns, [i]));
            Assert.Equal(1, batch.Columns.Length);
            Assert.Equal(fixture.Expected(i, 0, batch.RowCount), BatchFixture.Read(batch.Columns[0]));
            batch.Release();
        }
    }

    [Fact]
    public void Columns_come_in_the_order_in_which_they_are_wanted()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch batch = decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), BatchLayout.Create(BatchFixture.Table, fixture.Columns, [5, 0, 1]));
        Assert.Equal(fixture.Expected(5, 0, 150), BatchFixture.Read(batch.Columns[0]));
        Assert.Equal(fixture.Expected(0, 0, 150), BatchFixture.Read(batch.Columns[1]));
        Assert.Equal(fixture.Expected(1, 0, 150), BatchFixture.Read(batch.Columns[2]));
        batch.Release();
    }

    [Fact]
    public void A_batch_of_which_no_column_is_wanted_has_its_row_count_and_takes_no_memory()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch batch = decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), BatchLayout.Create(BatchFixture.Table, fixture.Columns, []));
        Assert.Equal(150, batch.RowCount);
        Assert.Equal(0, batch.Columns.Length);
        Assert.Equal(0, batch.NativeBytes);
        batch.Release();
    }

    [Theory]
    [InlineData("large_zstd", true)]
    [InlineData("large_zstd", false)]
    [InlineData("large_lz4", true)]
    public void Strings_of_many_compression_blocks_are_whole(string log, bool native)
    {
        FlussColumn[] columns = [new("id", TypeText.Parse("INT"), 0), new("s", TypeText.Parse("STRING"), 1), new("by", TypeText.Parse("BYTES"), 2)];
        using LogBatchDecoder decoder = new(_pool, native ? () => new NativeZstdFrame() : () => new ManagedZstdFrame());
        byte[] bytes = BatchFixture.ReadLog(log);
        DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, columns, [0, 1, 2]));
        Assert.Equal(3, batch.RowCount);
        for (int i = 0; i < 3; i++)
        {
            string part = string.Concat(Enumerable.Range(0, 100).Select(j => (char)('a' + (((j * j / 7) + i) % 26))));
            Assert.Equal(string.Concat(Enumerable.Repeat(part, 700)), ValueText.Of(batch.Columns[1], i));
            Assert.Equal(string.Concat(Enumerable.Repeat(i.ToString("x2", CultureInfo.InvariantCulture), 1000)), ValueText.Of(batch.Columns[2], i));
        }

        batch.Release();
    }

    [Fact]
    public void A_changelog_gives_its_change_types_and_skips_empty_batches()
    {
        BatchFixture fixture = BatchFixture.Load("changelog_zstd", "changelog");
        List<string> changes = [];
        int empty = 0;
        foreach (byte[] bytes in BatchFixture.Split(fixture.Log))
        {
            LogBatchHeader header = BatchFixture.Header(bytes);
            ReadOnlySpan<byte> types = LogBatchDecoder.ChangeTypes(bytes, header);
            Assert.Equal(header.RecordCount, types.Length);
            foreach (byte type in types)
            {
                changes.Add(type switch { 0 => "+A", 1 => "+I", 2 => "-U", 3 => "+U", _ => "-D" });
            }

            empty += header.RecordCount == 0 ? 1 : 0;
        }

        Assert.Equal(fixture.Changes, changes);
        Assert.Equal(1, empty);
    }

    [Fact]
    public void An_append_only_batch_has_no_change_types()
    {
        byte[] bytes = BatchFixture.ReadLog("generated_zstd");
        Assert.Equal(0, LogBatchDecoder.ChangeTypes(bytes, BatchFixture.Header(bytes)).Length);
    }

    [Fact]
    public void The_48_bytes_of_an_empty_batch_are_a_batch_without_rows()
    {
        byte[] bytes = Convert.FromHexString("00000000000000002400000000" + "0000000000000000" + "1f2b1728" + "0100" + "00" + "00000000" + "ffffffffffffffff" + "ffffffff" + "00000000");
        LogBatchHeader header = BatchFixture.Header(bytes);
        Assert.Equal(1, header.NextOffset);
        Assert.Equal(header.Crc, Crc32CReference.Of(bytes.AsSpan(header.CrcStart)));
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch batch = decoder.Decode(bytes, header, BatchFixture.Load("nested_zstd", "nested").Layout());
        Assert.Equal(0, batch.RowCount);
        Assert.Equal(10, batch.Columns.Length);
        Assert.Equal(0, batch.Columns[1].Children[0].Length);
        batch.Release();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Newer_headers_with_statistics_are_read_over_them(byte magic)
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        byte[] bytes = WithStatistics(fixture.Log, magic, new byte[37]);
        LogBatchHeader header = BatchFixture.Header(bytes);
        Assert.Equal(magic, header.Magic);
        Assert.Equal(bytes.Length, header.SizeInBytes);
        Assert.Equal(header.Crc, Crc32CReference.Of(bytes.AsSpan(header.CrcStart)));
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch batch = decoder.Decode(bytes, header, fixture.Layout());
        Assert.Equal(fixture.Expected(1, 0, 150), BatchFixture.Read(batch.Columns[1]));
        batch.Release();
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void The_checksum_of_every_stored_batch_covers_what_the_header_says(string log, string rows)
    {
        foreach (byte[] bytes in BatchFixture.Split(BatchFixture.Load(log, rows).Log))
        {
            LogBatchHeader header = BatchFixture.Header(bytes);
            Assert.Equal(header.Crc, Crc32CReference.Of(bytes.AsSpan(header.CrcStart)));
        }
    }

    [Fact]
    public void Buffers_are_aligned_and_readable_around_their_ends()
    {
        BatchFixture fixture = BatchFixture.Load("nested_zstd", "nested");
        byte[] bytes = BatchFixture.Split(fixture.Log)[0];
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), fixture.Layout());
        AssertAligned(batch.Columns);
        batch.Release();
    }

    /// <summary>A batch of magic 1 or 2 with the records of one of magic 0.</summary>
    internal static byte[] WithStatistics(byte[] v0, byte magic, byte[] statistics)
    {
        byte[] epoch = magic == 2 ? [7, 0, 0, 0] : [];
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, statistics.Length);
        byte[] bytes = [.. v0[..21], .. epoch, .. v0[21..48], .. length, .. statistics, .. v0[48..]];
        bytes[12] = magic;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length - 12);
        int crc = 21 + epoch.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(crc), Crc32CReference.Of(bytes.AsSpan(crc + 4)));
        return bytes;
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

    private void AssertEveryValue(string log, string rows, Func<ZstdFrame>? zstd)
    {
        BatchFixture fixture = BatchFixture.Load(log, rows);
        BatchLayout layout = fixture.Layout();
        using LogBatchDecoder decoder = new(_pool, zstd);
        int first = 0;
        foreach (byte[] bytes in BatchFixture.Split(fixture.Log))
        {
            DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), layout);
            for (int i = 0; i < fixture.Columns.Length; i++)
            {
                string[] expected = fixture.Expected(i, first, batch.RowCount);
                Assert.Equal(expected, BatchFixture.Read(batch.Columns[i]));
                Assert.Equal(expected.Count(value => value == "null"), batch.Columns[i].NullCount);
            }

            first += batch.RowCount;
            batch.Release();
        }

        Assert.Equal(fixture.Rows.Length, first);
    }
}
