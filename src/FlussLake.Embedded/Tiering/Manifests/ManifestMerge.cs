using Avro.Generic;

namespace FlussLake.Embedded.Tiering.Manifests;

/// <summary>
/// Puts many small manifests into few, as Paimon's own commits do, so that the number of files that a reader opens does not grow with the number of commits. Only
/// manifests that add files alone are taken: what they add is added no later than before, so whatever deletes it still finds it.
/// </summary>
internal sealed class ManifestMerge(PartitionKeys keys)
{
    /// <summary>The number of small manifests from which on they are put together; Paimon's default for <c>manifest.merge-min-count</c>.</summary>
    public const int SmallestCount = 30;

    /// <summary>The size in bytes from which on a manifest is not small; Paimon's default for <c>manifest.target-file-size</c>.</summary>
    private const long TargetSize = 8L << 20;

    /// <summary>Puts the small manifests of a list together.</summary>
    /// <param name="list">The entries of the list.</param>
    /// <param name="read">Gives the bytes of a manifest, which were read through once.</param>
    /// <param name="write">Writes a manifest; gives its name and size.</param>
    /// <returns>The new list, or the old one where nothing is to be done.</returns>
    public AvroRecords Merge(AvroRecords list, Func<GenericRecord, byte[]> read, Func<AvroRecords, (string Name, long Size)> write)
    {
        List<GenericRecord> small = [.. list.Records.Where(IsSmall)];
        if (small.Count < SmallestCount)
        {
            return list;
        }

        AvroRecords merged = new(ManifestSchemas.ManifestList);
        for (int taken = 0; taken < small.Count;)
        {
            List<GenericRecord> group = [];
            for (long size = 0; taken < small.Count && (group.Count == 0 || size + Size(small[taken]) <= TargetSize); taken++)
            {
                size += Size(small[taken]);
                group.Add(small[taken]);
            }

            AvroRecords manifest = new(ManifestSchemas.Manifest);
            group.ForEach(entry => manifest.Carry((string)entry["_FILE_NAME"], read(entry)));
            (string name, long written) = write(manifest);
            merged.Add(ManifestRecords.Merged(name, written, group, keys));
        }

        foreach (GenericRecord entry in list.Records.Where(entry => !IsSmall(entry)))
        {
            merged.Add(entry);
        }

        return merged;
    }

    private static long Size(GenericRecord entry) => (long)entry["_FILE_SIZE"];

    private static bool IsSmall(GenericRecord entry) => Size(entry) < TargetSize && (long)entry["_NUM_DELETED_FILES"] == 0;
}
