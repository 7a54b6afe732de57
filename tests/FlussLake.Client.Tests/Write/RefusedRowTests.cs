using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class RefusedRowTests
{
    public static TheoryData<string, object?> Refused => new()
    {
        { "TINYINT", 128 }, { "SMALLINT", -32769 }, { "INT", 1L << 31 }, { "BIGINT", ulong.MaxValue }, { "INT NOT NULL", null }, { "INT", "1" }, { "INT", 1.5 },
        { "FLOAT", 1e300 }, { "CHAR(2)", "abc" }, { "STRING", "\ud800" }, { "STRING", 1 }, { "BINARY(2)", new byte[1] }, { "BINARY(2)", new byte[3] },
        { "DECIMAL(4,2)", 100m }, { "DECIMAL(4,2)", 1.234m }, { "DECIMAL(38,0)", System.Numerics.BigInteger.Pow(10, 38) }, { "TIME(3)", TimeSpan.FromDays(1) },
        { "TIME(3)", TimeSpan.FromTicks(-1) }, { "TIME(6)", new TimeOnly(10) }, { "TIMESTAMP(9)", new DateTime(2300, 1, 1) }, { "TIMESTAMP(3)", DateTimeOffset.UnixEpoch },
        { "TIMESTAMP_LTZ(3)", new DateTime(2024, 1, 1) }, { "DATE", new DateTime(2024, 1, 1, 1, 0, 0) }, { "BOOLEAN", 1 }, { "ARRAY<INT NOT NULL>", new object?[] { 1, 2, null } },
        { "ARRAY<STRING>", new object?[] { "a", "\udc00" } }, { "MAP<STRING,INT>", new KeyValuePair<string, int?>[] { new("a", 1), new(null!, 2) } },
        { "MAP<STRING,ARRAY<TINYINT>>", new Dictionary<string, int[]> { ["a"] = [1, 2], ["b"] = [3, 400] } }, { "ROW<x INT,y TINYINT>", new object?[] { 1, 1000 } },
        { "ROW<x INT,y INT>", new object?[] { 1 } }, { "ROW<x INT>", new Dictionary<string, object?> { ["z"] = 1 } }, { "ARRAY<INT>", 1 }, { "ARRAY<INT>", "12" },
        { "MAP<STRING,INT>", new KeyValuePair<string, int>[] { new("a", 1), new("b", 2), new("a", 3) } }, { "MAP<BIGINT,INT>", new KeyValuePair<object, object?>[] { new(1, 1), new(1L, 2) } },
        { "MAP<BYTES,INT>", new KeyValuePair<byte[], int>[] { new([1, 2], 1), new([1, 2], 2) } }, { "MAP<BOOLEAN,INT>", new KeyValuePair<bool, int>[] { new(true, 1), new(true, 2) } },
        { "MAP<DOUBLE,INT>", new KeyValuePair<double, int>[] { new(double.NaN, 1), new(-double.NaN, 2) } },
        { "MAP<BINARY(2),INT>", new KeyValuePair<byte[], int>[] { new([1, 2], 1), new([1, 3], 1), new([1, 2], 2) } },
        { "MAP<ROW<x INT,y ARRAY<INT>>,INT>", new KeyValuePair<object?[], int>[] { new([null, new[] { 1, 2 }], 1), new([null, new[] { 1, 2 }], 2) } },
        { "MAP<MAP<INT,INT>,INT>", new KeyValuePair<Dictionary<int, int>, int>[] { new(new() { [1] = 2 }, 1), new(new() { [1] = 2 }, 2) } },
        { "ARRAY<MAP<INT,INT>>", new object?[] { Enumerable.Range(0, 1000).Select(i => new KeyValuePair<int, int>(i % 999, i)) } }, { "MAP<INT,INT>", new[] { 1 } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refused_row_names_its_column_and_leaves_the_batch_as_it_was(string type, object? value)
    {
        TablePath table = new("shop", "orders");
        TableSchema schema = new(
            3,
            [
                new("id", TypeText.Parse("BIGINT"), 0), new("flag", TypeText.Parse("BOOLEAN"), 1), new("text", TypeText.Parse("STRING"), 2),
                new("list", TypeText.Parse("ARRAY<ROW<m MAP<INT,STRING>>>"), 3), new("bad", TypeText.Parse(type), 4),
            ],
            []);
        object?[] good = [1L, true, "text", new object?[] { new object?[] { new Dictionary<int, string> { [1] = "x" } }, null }, Good(schema.Columns[4].Type)];
        object?[] nulls = [null, null, null, null, schema.Columns[4].Type.IsNullable ? null : 7];
        object?[] bad = [.. good[..4], value];
        using LogBatchEncoder clean = new(table, schema, BodyCodec.None, 3);
        using LogBatchEncoder tried = new(table, schema, BodyCodec.None, 3);
        ObjectRow row = new(table, schema);
        for (int i = 0; i < 13; i++)
        {
            row.Set(i % 3 == 1 ? nulls : good);
            clean.Append(row);
            tried.Append(row);
            row.Set(bad);
            ArgumentException refusal = Assert.Throws<ArgumentException>(() => tried.Append(row));
            Assert.Contains("column 'bad", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("of table shop.orders", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(13, tried.RowCount);
        Assert.Equal(clean.EstimatedBytes, tried.EstimatedBytes);
        using EncodedLogBatch expected = clean.Encode(5, 6);
        using EncodedLogBatch actual = tried.Encode(5, 6);
        Assert.Equal(expected.Bytes.ToArray(), actual.Bytes.ToArray());
    }

    private static object? Good(FlussType type) => type.Kind switch
    {
        _ when !type.IsNullable => 7,
        FlussTypeKind.Array => Array.Empty<object?>(),
        FlussTypeKind.String => "äß🙂",
        FlussTypeKind.Binary => new byte[type.Length],
        _ => null,
    };
}
