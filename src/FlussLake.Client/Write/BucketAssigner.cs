using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Keys;

namespace FlussLake.Client.Write;

/// <summary>Gives each row of a table with bucket keys its bucket. One instance belongs to one thread at a time.</summary>
internal sealed class BucketAssigner
{
    private readonly KeyEncoder _encoder;
    private readonly BucketFunction _function;
    private readonly int _bucketCount;

    private BucketAssigner(KeyEncoder encoder, BucketFunction function, int bucketCount)
    {
        _encoder = encoder;
        _function = function;
        _bucketCount = bucketCount;
    }

    /// <summary>Creates the assigner of a table; null for a table without bucket keys, whose rows may go to any bucket.</summary>
    /// <exception cref="FlussException">The table's lake format is not known, or cannot have such bucket keys.</exception>
    public static BucketAssigner? Create(TableInfo table)
    {
        if (table.BucketKeys.Count == 0)
        {
            return null;
        }

        // The format decides even while the lake is disabled: it may be enabled later.
        string? format = table.Properties.GetValueOrDefault(PropertyKeys.LakeFormat);
        KeyColumn[] columns = KeyColumn.Find(table.Path, table.Schema, table.BucketKeys);
        return new BucketAssigner(KeyEncoder.For(table.Path, columns, format), BucketFunction.For(table.Path, format), table.BucketCount);
    }

    /// <summary>The bucket of a row.</summary>
    /// <exception cref="ArgumentException">The row's bucket key is null or not possible for its column.</exception>
    public int Bucket(FlussRow row) => _function.Bucket(_encoder.Encode(row), _bucketCount);
}
