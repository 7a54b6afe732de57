using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Write;

namespace FlussLake.Client.Tests.Log.Rows;

public sealed class RowRoundTripTests : IDisposable
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    public void Dispose() => Assert.Equal(0, _pool.RentedBytes);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_rows_of_random_types_are_read_as_they_were_written(int seed)
    {
        RandomValues random = new(seed);
        LogFormat format = seed % 2 == 0 ? LogFormat.Indexed : LogFormat.Compacted;
        FlussColumn[] columns = [.. Enumerable.Range(0, 12).Select(i => new FlussColumn("c" + i, Writable(random.Type(3)), i))];
        FlussType[] types = [.. columns.Select(column => column.Type)];
        RowEncoder encoder = new(format);
        using LogBatchDecoder decoder = new(_pool);
        foreach (int count in new[] { 1, 8, 300 })
        {
            (object? Value, string Text)[][] rows = [.. Enumerable.Range(0, count).Select(_ => types.Select(random.Value).ToArray())];
            byte[] bytes = RowBatches.Of([.. rows.Select(row => encoder.Row(types, [.. row.Select(value => value.Value)]))]);
            int[] wanted = [.. Enumerable.Range(0, columns.Length).Where(i => (seed + i) % 3 != 0 || count == 300).Reverse()];
            DecodedLogBatch batch = decoder.Decode(bytes, BatchFixture.Header(bytes), BatchLayout.Create(BatchFixture.Table, columns, wanted, format));
            for (int i = 0; i < wanted.Length; i++)
            {
                Assert.Equal(rows.Select(values => values[wanted[i]].Text), BatchFixture.Read(batch.Columns[i]));
            }

            batch.Release();
        }
    }

    /// <summary>The types that come back as they are: what the others become is the golden batches' matter. CHAR counts bytes in indexed rows.</summary>
    private static FlussType Writable(FlussType type)
    {
        FlussType stored = StoredTypes.Of(LogFormat.Indexed, type);
        return stored.Kind switch
        {
            FlussTypeKind.Char => stored with { Length = 60 },
            FlussTypeKind.Array => stored with { Element = Writable(stored.Element!) },
            FlussTypeKind.Map => stored with { Key = Writable(stored.Key!), Value = Writable(stored.Value!) },
            FlussTypeKind.Row => stored with { Fields = [.. stored.Fields.Select(field => field with { Type = Writable(field.Type) })] },
            _ => stored,
        };
    }
}
