using Avro;
using Avro.Generic;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering.Manifests;

/// <summary>Makes the records of manifests and manifest lists.</summary>
internal static class ManifestRecords
{
    private const int Version = 2;
    private const int Add = 0;
    private const int Append = 0;
    private static readonly RecordSchema s_list = (RecordSchema)Schema.Parse(ManifestSchemas.ManifestList);
    private static readonly RecordSchema s_manifest = (RecordSchema)Schema.Parse(ManifestSchemas.Manifest);
    private static readonly byte[] s_emptyRow = new BinaryRowWriter(0).ToArray();

    /// <summary>The entry of a data file that a commit adds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="totalBuckets">The lake table's number of buckets; -1 without a bucket key.</param>
    /// <param name="firstSequence">The sequence number of the file's first row.</param>
    public static GenericRecord Entry(PaimonDataFile file, int totalBuckets, long firstSequence)
    {
        GenericRecord entry = new(s_manifest);
        entry.Add("_VERSION", Version);
        entry.Add("_KIND", Add);
        entry.Add("_PARTITION", file.PartitionRow);
        entry.Add("_BUCKET", file.Bucket);
        entry.Add("_TOTAL_BUCKETS", totalBuckets);
        entry.Add("_FILE", File((RecordSchema)s_manifest["_FILE"].Schema, file, firstSequence));
        return entry;
    }

    /// <summary>The entry of a manifest in a list.</summary>
    public static GenericRecord Listed(string name, long size, IReadOnlyList<PaimonDataFile> files, PartitionKeys keys)
    {
        GenericRecord entry = new(s_list);
        entry.Add("_VERSION", Version);
        entry.Add("_FILE_NAME", name);
        entry.Add("_FILE_SIZE", size);
        entry.Add("_NUM_ADDED_FILES", (long)files.Count);
        entry.Add("_NUM_DELETED_FILES", 0L);
        entry.Add("_PARTITION_STATS", PartitionStatistics((RecordSchema)s_list["_PARTITION_STATS"].Schema, files, keys));
        entry.Add("_SCHEMA_ID", files.Max(file => file.SchemaId));
        entry.Add("_MIN_BUCKET", files.Min(file => file.Bucket));
        entry.Add("_MAX_BUCKET", files.Max(file => file.Bucket));
        entry.Add("_MIN_LEVEL", 0);
        entry.Add("_MAX_LEVEL", 0);
        return entry;
    }

    /// <summary>The entry of a manifest that holds what several others held.</summary>
    public static GenericRecord Merged(string name, long size, IReadOnlyList<GenericRecord> parts, PartitionKeys keys)
    {
        GenericRecord entry = new(s_list);
        entry.Add("_VERSION", Version);
        entry.Add("_FILE_NAME", name);
        entry.Add("_FILE_SIZE", size);
        entry.Add("_NUM_ADDED_FILES", parts.Sum(part => (long)part["_NUM_ADDED_FILES"]));
        entry.Add("_NUM_DELETED_FILES", 0L);
        entry.Add("_PARTITION_STATS", MergedStatistics((RecordSchema)s_list["_PARTITION_STATS"].Schema, parts, keys));
        entry.Add("_SCHEMA_ID", parts.Max(part => (long)part["_SCHEMA_ID"]));
        entry.Add("_MIN_BUCKET", Bound(parts, "_MIN_BUCKET", Enumerable.Min));
        entry.Add("_MAX_BUCKET", Bound(parts, "_MAX_BUCKET", Enumerable.Max));
        entry.Add("_MIN_LEVEL", Bound(parts, "_MIN_LEVEL", Enumerable.Min));
        entry.Add("_MAX_LEVEL", Bound(parts, "_MAX_LEVEL", Enumerable.Max));
        return entry;
    }

    /// <summary>The bound of all parts; unknown where one of them does not say.</summary>
    private static int? Bound(IReadOnlyList<GenericRecord> parts, string field, Func<IEnumerable<int>, int> fold)
    {
        object?[] values = [.. parts.Select(part => part.TryGetValue(field, out object value) ? value : null)];
        return Array.TrueForAll(values, value => value is int) ? fold(values.Cast<int>()) : null;
    }

    private static GenericRecord MergedStatistics(RecordSchema schema, IReadOnlyList<GenericRecord> parts, PartitionKeys keys)
    {
        GenericRecord[] statistics = [.. parts.Select(part => (GenericRecord)part["_PARTITION_STATS"])];
        PartitionValue?[] smallest = new PartitionValue?[keys.Names.Count];
        PartitionValue?[] largest = new PartitionValue?[smallest.Length];
        object?[] nulls = new object?[smallest.Length];
        PartitionValue?[]?[] smallests = [.. statistics.Select(part => keys.TryReadRow((byte[])part["_MIN_VALUES"]))];
        PartitionValue?[]?[] largests = [.. statistics.Select(part => keys.TryReadRow((byte[])part["_MAX_VALUES"]))];
        for (int key = 0; key < smallest.Length; key++)
        {
            // A bound that one part does not know is unknown: readers then look into the manifest.
            if (Array.TrueForAll(smallests, row => row?[key] is not null) && Array.TrueForAll(largests, row => row?[key] is not null))
            {
                smallest[key] = smallests.Min(row => row![key]);
                largest[key] = largests.Max(row => row![key]);
            }

            object?[] counts = [.. statistics.Select(part => part["_NULL_COUNTS"] is object?[] list && key < list.Length ? list[key] : null)];
            nulls[key] = Array.TrueForAll(counts, count => count is long) ? counts.Sum(count => (long)count!) : null;
        }

        return Statistics(schema, keys.ToRow(smallest), keys.ToRow(largest), nulls);
    }

    private static GenericRecord File(RecordSchema schema, PaimonDataFile file, long firstSequence)
    {
        GenericRecord record = new(schema);
        record.Add("_FILE_NAME", Path.GetFileName(file.Path));
        record.Add("_FILE_SIZE", file.SizeInBytes);
        record.Add("_ROW_COUNT", file.RowCount);
        record.Add("_MIN_KEY", s_emptyRow);
        record.Add("_MAX_KEY", s_emptyRow);
        record.Add("_KEY_STATS", Statistics((RecordSchema)schema["_KEY_STATS"].Schema, s_emptyRow, s_emptyRow, []));

        // No statistics of values: legal, and readers prune by those of the Parquet file.
        record.Add("_VALUE_STATS", Statistics((RecordSchema)schema["_VALUE_STATS"].Schema, s_emptyRow, s_emptyRow, []));
        record.Add("_VALUE_STATS_COLS", Array.Empty<object>());
        record.Add("_MIN_SEQUENCE_NUMBER", firstSequence);
        record.Add("_MAX_SEQUENCE_NUMBER", firstSequence + file.RowCount - 1);
        record.Add("_SCHEMA_ID", file.SchemaId);
        record.Add("_LEVEL", 0);
        record.Add("_EXTRA_FILES", Array.Empty<object>());

        // Paimon notes the clock on the writer's wall, without its zone.
        record.Add("_CREATION_TIME", DateTime.SpecifyKind(file.CreationTime, DateTimeKind.Utc));
        record.Add("_DELETE_ROW_COUNT", 0L);
        record.Add("_FILE_SOURCE", Append);
        return record;
    }

    private static GenericRecord PartitionStatistics(RecordSchema schema, IReadOnlyList<PaimonDataFile> files, PartitionKeys keys)
    {
        PartitionValue?[] smallest = new PartitionValue?[keys.Names.Count];
        PartitionValue?[] largest = new PartitionValue?[smallest.Length];
        object[] nulls = new object[smallest.Length];
        for (int key = 0; key < smallest.Length; key++)
        {
            PartitionValue?[] values = [.. files.Select(file => file.PartitionValues[key])];
            nulls[key] = values.LongCount(value => value is null);

            // Neither counts NULL.
            smallest[key] = values.Min();
            largest[key] = values.Max();
        }

        return Statistics(schema, keys.ToRow(smallest), keys.ToRow(largest), nulls);
    }

    private static GenericRecord Statistics(RecordSchema schema, byte[] smallest, byte[] largest, object?[] nulls)
    {
        GenericRecord statistics = new(schema);
        statistics.Add("_MIN_VALUES", smallest);
        statistics.Add("_MAX_VALUES", largest);
        statistics.Add("_NULL_COUNTS", nulls);
        return statistics;
    }
}
