using System.Buffers.Binary;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>Log batches as a server stores them, and tables that they belong to.</summary>
internal static class Batches
{
    public static readonly DateTimeOffset CommitTime = new(2026, 8, 1, 10, 0, 0, 123, TimeSpan.Zero);

    public static TableInfo Table(int buckets, string[] bucketKeys, string[] partitionKeys, params (string Name, FlussType Type)[] columns) => new()
    {
        Path = new TablePath("d", "t"),
        TableId = 7,
        Schema = new TableSchema(1, [.. columns.Select((column, i) => new FlussColumn(column.Name, column.Type, i))], []),
        BucketCount = buckets,
        BucketKeys = bucketKeys,
        PartitionKeys = partitionKeys,
        Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true", ["table.datalake.paimon.warehouse"] = "/somewhere" },
    };

    /// <summary>The table with one more column and the next schema id.</summary>
    public static TableInfo With(this TableInfo table, string name, FlussType type) => table with
    {
        Schema = new TableSchema(table.Schema.SchemaId + 1, [.. table.Schema.Columns, new FlussColumn(name, type, table.Schema.Columns.Count)], []),
    };

    public static void Write(this PaimonTieringRound round, TableInfo table, int bucket, long offset, params object?[][] rows) =>
        round.Write(table, bucket, offset, 0, rows.Length, rows);

    /// <summary>Encodes rows as one batch, and writes some of them.</summary>
    public static void Write(this PaimonTieringRound round, TableInfo table, int bucket, long offset, int firstRow, int rowCount, object?[][] rows)
    {
        byte[] batch = Encode(table, offset, rows);
        Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
        round.Write(new TableBucket(table.TableId, null, bucket), null, table.Schema, header, batch, firstRow, rowCount);
    }

    private static byte[] Encode(TableInfo table, long offset, object?[][] rows)
    {
        using LogBatchEncoder encoder = new(table.Path, table.Schema, BodyCodec.Zstd, 1);
        ObjectRow row = new(table.Path, table.Schema);
        foreach (object?[] values in rows)
        {
            row.Set(values);
            encoder.Append(row);
        }

        using EncodedLogBatch encoded = encoder.Encode(-1, -1);
        byte[] batch = encoded.Bytes.ToArray();

        // What the leader stamps, outside of the checksum.
        BinaryPrimitives.WriteInt64LittleEndian(batch, offset);
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(13), CommitTime.ToUnixTimeMilliseconds());
        return batch;
    }
}
