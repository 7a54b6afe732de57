using System.Globalization;
using FlussLake.Client.Metadata;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>The lake table that a round writes to, at its newest schema.</summary>
internal sealed class PaimonTarget
{
    private readonly PaimonPartitions _partitions;
    private readonly string _dataRoot;

    private PaimonTarget(PaimonTableFolder folder, PaimonTableSchema latest, int totalBuckets)
    {
        PaimonOptions options = PaimonOptions.Read(folder.Root, latest.Options);
        Folder = folder;
        Schema = latest.Schema;
        TotalBuckets = totalBuckets;
        Keys = new PartitionKeys(latest.Schema);
        _dataRoot = Path.Combine(folder.Root, options.DataFolder);
        _partitions = new PaimonPartitions(folder.Root, latest.Schema, options);
    }

    public PaimonTableFolder Folder { get; }

    public LakeSchema Schema { get; }

    public PartitionKeys Keys { get; }

    /// <summary>The number of buckets, which are Fluss's; -1 where the lake table has no bucket key.</summary>
    public int TotalBuckets { get; }

    /// <exception cref="LakeException">The lake table is not there, is damaged, or asks for what is not written here.</exception>
    public static PaimonTarget Open(string warehouse, TableInfo table)
    {
        PaimonTableFolder folder = new(warehouse, table.Path);
        PaimonTableSchema latest = folder.Exists ? folder.LatestSchema() : throw TieringErrors.TableNotFound(table.Path, folder.Root);
        if (latest.Schema.PrimaryKeys.Count > 0)
        {
            throw TieringErrors.TableNotSupported(folder.Root, $"it has the primary key ({string.Join(", ", latest.Schema.PrimaryKeys)})");
        }

        if (PaimonWriteOptions.Refused(latest.Options) is { } refused)
        {
            throw TieringErrors.OptionNotSupported(folder.Root, refused.Option, refused.Value, refused.Advice);
        }

        if (!latest.Schema.PartitionKeys.SequenceEqual(table.PartitionKeys))
        {
            throw TieringErrors.TableNotSupported(
                folder.Root, $"its partition keys are ({string.Join(", ", latest.Schema.PartitionKeys)}), those of table {table.Path} are ({string.Join(", ", table.PartitionKeys)})");
        }

        int wanted = table.BucketKeys.Count > 0 ? table.BucketCount : -1;
        string text = latest.Options.GetValueOrDefault("bucket") ?? "-1";
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int buckets) && buckets == wanted
            ? new PaimonTarget(folder, latest, wanted)
            : throw TieringErrors.OptionNotSupported(folder.Root, "bucket", text, $"Table {table.Path} needs {wanted}: its buckets are the lake's.");
    }

    /// <summary>The folder of a bucket's files.</summary>
    public string BucketFolder(byte[] partitionRow, int bucket) =>
        Path.Combine(_dataRoot, _partitions.Get(partitionRow).Folder, string.Create(CultureInfo.InvariantCulture, $"bucket-{bucket}"));
}
