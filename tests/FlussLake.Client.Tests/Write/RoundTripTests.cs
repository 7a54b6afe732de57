using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class RoundTripTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    public void Dispose() => Assert.Equal(0, _pool.RentedBytes);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_rows_of_random_types_are_read_back_as_they_were_written(int seed)
    {
        RandomValues random = new(seed);
        FlussColumn[] columns = [.. Enumerable.Range(0, 12).Select(i => new FlussColumn("c" + i, random.Type(3), i))];
        TableSchema schema = new(7, columns, []);
        BodyCodec codec = (BodyCodec)(seed % 3);
        using LogBatchEncoder encoder = new(BatchFixture.Table, schema, codec, 3);
        using LogBatchDecoder decoder = new(_pool);
        ObjectRow row = new(BatchFixture.Table, schema);
        foreach (int count in new[] { 1, 8, 300 })
        {
            (object? Value, string Text)[][] rows = [.. Enumerable.Range(0, count).Select(_ => columns.Select(column => random.Value(column.Type)).ToArray())];
            encoder.Reset();
            foreach ((object? Value, string Text)[] values in rows)
            {
                row.Set([.. values.Select(value => value.Value)]);
                encoder.Append(row);
            }

            using EncodedLogBatch encoded = encoder.Encode(seed, count);
            byte[] bytes = encoded.Bytes.ToArray();
            LogBatchHeader header = BatchFixture.Header(bytes);
            Assert.Equal((7, true, count - 1, (long)seed, count, count), (header.SchemaId, header.IsAppendOnly, header.LastOffsetDelta, header.WriterId, header.BatchSequence, header.RecordCount));
            Assert.Equal(header.Crc, Crc32CReference.Of(bytes.AsSpan(header.CrcStart)));
            DecodedLogBatch batch = decoder.Decode(bytes, header, BatchLayout.Create(BatchFixture.Table, columns, [.. Enumerable.Range(0, columns.Length)]));
            for (int i = 0; i < columns.Length; i++)
            {
                Assert.Equal(rows.Select(values => values[i].Text), BatchFixture.Read(batch.Columns[i]));
            }

            batch.Release();
        }
    }

    [Fact]
    public void A_batch_that_is_stamped_anew_is_the_batch_encoded_with_that_writer()
    {
        TableSchema schema = new(1, [new FlussColumn("a", new FlussType(FlussTypeKind.Int), 0)], []);
        using LogBatchEncoder encoder = new(BatchFixture.Table, schema, BodyCodec.Zstd, 3);
        ObjectRow row = new(BatchFixture.Table, schema);
        row.Set([5]);
        encoder.Append(row);
        using EncodedLogBatch first = encoder.Encode(-1, -1);
        using EncodedLogBatch second = encoder.Encode(1234, 56);
        Assert.NotEqual(first.Bytes.ToArray(), second.Bytes.ToArray());
        first.Stamp(1234, 56);
        Assert.Equal(second.Bytes.ToArray(), first.Bytes.ToArray());
    }

    [Fact]
    public void Maps_of_many_and_of_nearly_equal_keys_are_written()
    {
        FlussColumn[] columns = [new("many", TypeText.Parse("MAP<BIGINT,INT>"), 0), new("near", TypeText.Parse("MAP<ROW<x INT,y ARRAY<STRING>>,INT>"), 1)];
        TableSchema schema = new(1, columns, []);
        using LogBatchEncoder encoder = new(BatchFixture.Table, schema, BodyCodec.Zstd, 3);
        ObjectRow row = new(BatchFixture.Table, schema);
        object?[] keys = [new object?[] { 1, null }, new object?[] { 1, Array.Empty<string>() }, new object?[] { 1, new[] { "a", "b" } }, new object?[] { 1, new[] { "ab" } }, new object?[] { null, null }, new object?[] { 0, null }];
        for (int i = 0; i < 3; i++)
        {
            row.Set([Enumerable.Range(0, 50_000).ToDictionary(key => (long)key), keys.Select(key => new KeyValuePair<object, object?>(key!, 1))]);
            encoder.Append(row);
        }

        Assert.Equal(3, encoder.RowCount);
    }

    [Fact]
    public void The_longest_BINARY_needs_no_memory_before_its_first_value()
    {
        using LogBatchEncoder encoder = new(BatchFixture.Table, new TableSchema(1, [new FlussColumn("a", FlussType.Parse("BINARY(2147483647)"), 0)], []), BodyCodec.None, 3);
        Assert.Equal(0, encoder.RowCount);
    }

    [Fact]
    public void A_batch_without_rows_is_not_encoded()
    {
        using LogBatchEncoder encoder = new(BatchFixture.Table, new TableSchema(1, [new FlussColumn("a", new FlussType(FlussTypeKind.Int), 0)], []), BodyCodec.None, 3);
        Assert.Throws<InvalidOperationException>(() => encoder.Encode(-1, -1));
    }
}
