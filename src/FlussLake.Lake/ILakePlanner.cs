namespace FlussLake.Lake;

/// <summary>Plans a scan of one lake table at one snapshot. It reads metadata only, never rows.</summary>
public interface ILakePlanner
{
    /// <summary>Lists the data files that are live in a snapshot, with everything that is needed to read them.</summary>
    /// <param name="tableRoot">The table's root folder, as the storage takes locations.</param>
    /// <param name="snapshotId">The snapshot; exactly this one, never a newer one.</param>
    /// <param name="cancellationToken">Stops the planning.</param>
    /// <returns>The scan.</returns>
    /// <exception cref="LakeException">The snapshot is not there, a metadata file is damaged, or the table uses what cannot be read; the message names the file or option.</exception>
    Task<LakeScan> PlanAsync(string tableRoot, long snapshotId, CancellationToken cancellationToken);
}
