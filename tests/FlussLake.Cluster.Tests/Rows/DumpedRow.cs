namespace FlussLake.Cluster.Tests.Rows;

/// <summary>A row as Fluss's Java client reads it.</summary>
/// <param name="Bucket">The row's bucket.</param>
/// <param name="Offset">The row's offset in the bucket's log.</param>
/// <param name="Values">The canonical text of each column.</param>
public sealed record DumpedRow(int Bucket, long Offset, IReadOnlyList<string> Values)
{
    /// <summary>The whole row in its canonical form.</summary>
    public string Text => Canonical.Row(Values);
}
