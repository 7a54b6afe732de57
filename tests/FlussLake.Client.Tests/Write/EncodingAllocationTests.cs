using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests.Write;

public sealed class EncodingAllocationTests
{
    private static readonly object?[] s_values = [1L, 42, "a text of some length", 3.25, 12.34m, new DateTime(2024, 2, 29), true];

    [Fact]
    public void Rows_are_written_without_an_allocation()
    {
        TablePath path = BatchFixture.Table;
        string[] types = ["BIGINT", "INT", "STRING", "DOUBLE", "DECIMAL(12,2)", "TIMESTAMP(6)", "BOOLEAN"];
        TableInfo table = new()
        {
            Path = path,
            TableId = 1,
            BucketCount = 8,
            BucketKeys = ["c0", "c2"],
            PartitionKeys = ["c1", "c6"],
            Schema = new TableSchema(1, [.. types.Select((type, i) => new FlussColumn("c" + i, TypeText.Parse(type), i))], []),
        };
        using LogBatchEncoder encoder = new(path, table.Schema, BodyCodec.None, 3);
        ObjectRow row = new(path, table.Schema);
        BucketAssigner buckets = BucketAssigner.Create(table)!;
        PartitionNames partitions = PartitionNames.Create(table)!;
        Fill(2_000);
        encoder.Reset();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(2_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                row.Set(s_values);
                _ = buckets.Bucket(row);
                _ = partitions.Of(row);
                encoder.Append(row);
            }
        }
    }
}
