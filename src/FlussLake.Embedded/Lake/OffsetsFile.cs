using System.Buffers;
using System.Text.Json;

using FlussLake.Client;

namespace FlussLake.Embedded.Lake;

/// <summary>
/// The files that hold how far each bucket of a table is in the lake: exclusive ends by bucket, -1 for buckets that are not known.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/utils/json/TableBucketOffsetsJsonSerde.java</c>.
/// </summary>
internal static class OffsetsFile
{
    public static byte[] Write(long tableId, IReadOnlyDictionary<TableBucket, long> offsets)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteNumber("table_id", tableId);
            ILookup<long?, KeyValuePair<TableBucket, long>> partitions = offsets.ToLookup(entry => entry.Key.PartitionId);
            if (partitions.Contains(null))
            {
                WriteOffsets(json, partitions[null]);
            }
            else if (partitions.Count > 0)
            {
                json.WriteStartArray("partition_offsets");
                foreach (IGrouping<long?, KeyValuePair<TableBucket, long>> partition in partitions.OrderBy(partition => partition.Key))
                {
                    json.WriteStartObject();
                    json.WriteNumber("partition_id", partition.Key!.Value);
                    WriteOffsets(json, partition);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>How many numbers a file of these offsets holds.</summary>
    public static long Count(IReadOnlyDictionary<TableBucket, long> offsets) =>
        offsets.Keys.GroupBy(bucket => bucket.PartitionId).Sum(partition => partition.Max(bucket => bucket.Bucket) + 1L);

    /// <exception cref="JsonException">The bytes are no such file.</exception>
    public static Dictionary<TableBucket, long> Read(ReadOnlyMemory<byte> bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement;
        Dictionary<TableBucket, long> offsets = [];
        try
        {
            long table = root.GetProperty("table_id").GetInt64();
            if (root.TryGetProperty("bucket_offsets", out JsonElement buckets))
            {
                ReadOffsets(offsets, table, null, buckets);
            }

            if (root.TryGetProperty("partition_offsets", out JsonElement partitions))
            {
                foreach (JsonElement partition in partitions.EnumerateArray())
                {
                    ReadOffsets(offsets, table, partition.GetProperty("partition_id").GetInt64(), partition.GetProperty("bucket_offsets"));
                }
            }
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"It does not hold offsets: {exception.Message}", exception);
        }

        return offsets;
    }

    private static void WriteOffsets(Utf8JsonWriter json, IEnumerable<KeyValuePair<TableBucket, long>> offsets)
    {
        Dictionary<int, long> byBucket = offsets.ToDictionary(entry => entry.Key.Bucket, entry => entry.Value);
        json.WriteStartArray("bucket_offsets");
        for (int bucket = 0; bucket <= byBucket.Keys.Max(); bucket++)
        {
            json.WriteNumberValue(byBucket.GetValueOrDefault(bucket, -1));
        }

        json.WriteEndArray();
    }

    private static void ReadOffsets(Dictionary<TableBucket, long> offsets, long table, long? partition, JsonElement list)
    {
        int bucket = 0;
        foreach (JsonElement offset in list.EnumerateArray())
        {
            if (offset.GetInt64() is >= 0 and long known)
            {
                offsets[new TableBucket(table, partition, bucket)] = known;
            }

            bucket++;
        }
    }
}
