namespace FlussLake.Embedded.Tiering;

/// <summary>A snapshot that a tiering committed.</summary>
/// <param name="Id">The snapshot's id.</param>
/// <param name="Properties">What was noted with it, such as where the offsets of its buckets are found (<c>fluss-offsets</c>).</param>
internal sealed record PaimonTieringSnapshot(long Id, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The commit user of every snapshot that Fluss's tiering commits.</summary>
    public const string CommitUser = "__fluss_lake_tiering";
}
