namespace FlussLake.Client.Log;

/// <summary>A captured part of one bucket's log.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Start">The first offset that is read, or <see cref="Earliest"/> for whatever the log still holds.</param>
/// <param name="End">The exclusive end. A range that ends at or before its start is empty and is not asked for.</param>
public sealed record LogRange(TableBucket Bucket, long Start, long End)
{
    /// <summary>As a start: from the earliest record that there is.</summary>
    public const long Earliest = -2;
}
