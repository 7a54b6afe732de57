using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>Numbers the rows of new files as Paimon's writers do: on from the bucket's highest number, or from 0 in a table without buckets.</summary>
internal static class SequenceNumbers
{
    /// <summary>Gives each file the number of its first row.</summary>
    /// <param name="files">The new files in the order in which they were written.</param>
    /// <param name="live">The files that are live; null where numbers begin at 0.</param>
    public static IEnumerable<(PaimonDataFile File, long First)> Assign(IReadOnlyList<PaimonDataFile> files, IReadOnlyList<PaimonManifestEntry>? live)
    {
        Dictionary<(string Partition, int Bucket), long> next = [];
        foreach (PaimonManifestEntry entry in live ?? [])
        {
            // A writer that leaves the highest number out still numbered every row.
            long end = (entry.MaxSequenceNumber ?? entry.MinSequenceNumber + entry.RowCount - 1) + 1;
            (string, int) bucket = (Convert.ToHexString(entry.Partition), entry.Bucket);
            next[bucket] = Math.Max(next.GetValueOrDefault(bucket), end);
        }

        foreach (PaimonDataFile file in files)
        {
            // Without buckets in the lake, each of Fluss's has a writer of its own.
            (string, int) bucket = (Convert.ToHexString(file.PartitionRow), live is null ? file.SourceBucket : file.Bucket);
            long first = next.GetValueOrDefault(bucket);
            next[bucket] = first + file.RowCount;
            yield return (file, first);
        }
    }
}
