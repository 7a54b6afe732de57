using Apache.Arrow;
using Apache.Arrow.Types;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class ArrowRowTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    public void Dispose() => Assert.Equal(0, _pool.RentedBytes);

    [Fact]
    public void Integers_of_any_width_are_written_if_they_fit()
    {
        Assert.Equal(["1", "null", "-3"], Write("TINYINT", new Int64Array.Builder().Append(1).AppendNull().Append(-3).Build()));
        Assert.Equal(["255"], Write("SMALLINT", new UInt8Array.Builder().Append(255).Build()));
        Assert.Equal(["9223372036854775807"], Write("BIGINT", new UInt64Array.Builder().Append(long.MaxValue).Build()));
        Assert.Throws<ArgumentException>(() => Write("BIGINT", new UInt64Array.Builder().Append(ulong.MaxValue).Build()));
        Assert.Throws<ArgumentException>(() => Write("TINYINT", new Int32Array.Builder().Append(128).Build()));
    }

    [Fact]
    public void Other_flat_types_are_written()
    {
        Assert.Equal(["true", "false", "null"], Write("BOOLEAN", new BooleanArray.Builder().Append(true).Append(false).AppendNull().Build()));
        Assert.Equal(["1.5"], Write("DOUBLE", new FloatArray.Builder().Append(1.5f).Build()));
        Assert.Equal(["äß", "", "null"], Write("STRING", new StringArray.Builder().Append("äß").Append("").AppendNull().Build()));
        Assert.Equal(["a long text that is not inlined"], Write("STRING", new StringViewArray.Builder().Append("a long text that is not inlined").Build()));
        Assert.Equal(["00ff"], Write("BYTES", new BinaryArray.Builder().Append(new byte[] { 0, 255 }).Build()));
        Assert.Equal(["00ff"], Write("BINARY(2)", new BinaryArray.Builder().Append(new byte[] { 0, 255 }).Build()));
        Assert.Equal(["12300", "-100", "null"], Write("DECIMAL(9,4)", new Decimal128Array.Builder(new Decimal128Type(5, 2)).Append(1.23m).Append(-0.01m).AppendNull().Build()));
        Assert.Equal(["-12"], Write("DECIMAL(9,1)", new Decimal256Array.Builder(new Decimal256Type(50, 2)).Append(-1.20m).Build()));
        Assert.Throws<ArgumentException>(() => Write("DECIMAL(9,1)", new Decimal128Array.Builder(new Decimal128Type(5, 2)).Append(1.23m).Build()));
        Assert.Equal(["null", "null"], Write("INT", new NullArray(2)));
    }

    [Fact]
    public void Dates_and_times_of_any_unit_are_written()
    {
        DateTime day = new(1969, 12, 31, 0, 0, 0, DateTimeKind.Utc);
        Assert.Equal(["-1"], Write("DATE", new Date32Array.Builder().Append(day).Build()));
        Assert.Equal(["-1"], Write("DATE", new Date64Array.Builder().Append(day).Build()));
        Assert.Equal(["5000000000"], Write("TIME(3)", new Time32Array.Builder(new Time32Type(TimeUnit.Second)).Append(5).Build()));
        Assert.Equal(["5000000"], Write("TIME(9)", new Time64Array.Builder(new Time64Type(TimeUnit.Microsecond)).Append(5000).Build()));
        Assert.Throws<ArgumentException>(() => Write("TIME(9)", new Time64Array.Builder(new Time64Type(TimeUnit.Microsecond)).Append(86_400_000_000).Build()));
        foreach (TimeUnit unit in Enum.GetValues<TimeUnit>())
        {
            TimestampArray clock = new TimestampArray.Builder(new TimestampType(unit, (string?)null)).Append(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero)).AppendNull().Build();
            Assert.Equal(["-1000000000", "null"], Write("TIMESTAMP(6)", clock));
            TimestampArray instant = new TimestampArray.Builder(new TimestampType(unit, "Europe/Berlin")).Append(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero)).Build();
            Assert.Equal(["-1000000000"], Write("TIMESTAMP_LTZ(9)", instant));
            Assert.Throws<ArgumentException>(() => Write("TIMESTAMP(6)", instant));
            Assert.Throws<ArgumentException>(() => Write("TIMESTAMP_LTZ(6)", clock));
        }
    }

    [Fact]
    public void Nested_and_dictionary_encoded_values_are_written_from_slices_too()
    {
        ListArray.Builder lists = new(Int32Type.Default);
        Int32Array.Builder elements = (Int32Array.Builder)lists.ValueBuilder;
        lists.Append();
        elements.Append(1);
        lists.Append();
        elements.Append(2).AppendNull();
        lists.AppendNull();
        lists.Append();
        ListArray list = lists.Build();
        Assert.Equal(["[1]", "[2,null]", "null", "[]"], Write("ARRAY<BIGINT>", list));
        Assert.Equal(["[2,null]", "null"], Write("ARRAY<BIGINT>", ArrowArrayFactory.Slice(list, 1, 2)));

        MapArray.Builder maps = new(new MapType(StringType.Default, Int32Type.Default));
        StringArray.Builder keys = (StringArray.Builder)maps.KeyBuilder;
        Int32Array.Builder values = (Int32Array.Builder)maps.ValueBuilder;
        maps.Append();
        keys.Append("a");
        values.Append(1);
        maps.Append();
        keys.Append("b").Append("c");
        values.AppendNull().Append(3);
        MapArray map = maps.Build();
        Assert.Equal(["[[a,1]]", "[[b,null],[c,3]]"], Write("MAP<STRING,INT>", map));
        Assert.Equal(["[[b,null],[c,3]]"], Write("MAP<STRING,INT>", ArrowArrayFactory.Slice(map, 1, 1)));

        StructType type = new([new Field("x", Int32Type.Default, true), new Field("y", StringType.Default, true)]);
        StructArray rows = new(type, 2, [new Int32Array.Builder().Append(1).Append(2).Build(), new StringArray.Builder().Append("p").AppendNull().Build()], ArrowBuffer.Empty, 0);
        Assert.Equal(["[1,p]", "[2,null]"], Write("ROW<x INT,y STRING>", rows));
        Assert.Equal(["[2,null]"], Write("ROW<x INT,y STRING>", ArrowArrayFactory.Slice(rows, 1, 1)));

        DictionaryArray dictionary = new(
            new DictionaryType(Int32Type.Default, StringType.Default, false), new Int32Array.Builder().Append(1).Append(0).AppendNull().Build(),
            new StringArray.Builder().Append("zero").Append("one").Build());
        Assert.Equal(["one", "zero", "null"], Write("STRING", dictionary));
    }

    [Fact]
    public void A_batch_whose_columns_do_not_fit_is_refused_before_any_row()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Write("INT", new StringArray.Builder().Append("1").Build()));
        Assert.Contains("column 'c' of table d.t", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("utf8", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Write("BINARY(16)", new Decimal128Array.Builder(new Decimal128Type(5, 2)).Append(1).Build()));
        Assert.Throws<ArgumentException>(() => Write("ROW<x INT,y INT>", new StructArray(new StructType([new Field("x", Int32Type.Default, true)]), 1, [new Int32Array.Builder().Append(1).Build()], ArrowBuffer.Empty, 0)));
    }

    [Fact]
    public void A_column_that_is_shorter_than_its_batch_is_refused_before_any_row()
    {
        TableSchema schema = new(1, [new FlussColumn("c", TypeText.Parse("BIGINT"), 0)], []);
        Int64Array two = new Int64Array.Builder().Append(1).Append(2).Build();
        using RecordBatch batch = new(new Schema([new Field("any", two.Data.DataType, true)], null), [two], 3);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new ArrowRow(BatchFixture.Table, schema).Set(batch));
        Assert.Contains("column 'c' of table d.t", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("2 values", refusal.Message, StringComparison.Ordinal);
    }

    private string[] Write(string typeText, IArrowArray array)
    {
        FlussColumn[] columns = [new FlussColumn("c", TypeText.Parse(typeText), 0)];
        TableSchema schema = new(1, columns, []);
        RecordBatch batch = new(new Schema([new Field("any", array.Data.DataType, true)], null), [array], array.Length);
        ArrowRow row = new(BatchFixture.Table, schema);
        row.Set(batch);
        using LogBatchEncoder encoder = new(BatchFixture.Table, schema, BodyCodec.Lz4Frame, 3);
        for (row.Index = 0; row.Index < array.Length; row.Index++)
        {
            encoder.Append(row);
        }

        using EncodedLogBatch encoded = encoder.Encode(-1, -1);
        byte[] bytes = encoded.Bytes.ToArray();
        using LogBatchDecoder decoder = new(_pool);
        DecodedLogBatch decoded = decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, columns, [0]));
        string[] texts = BatchFixture.Read(decoded.Columns[0]);
        decoded.Release();
        return texts;
    }
}
