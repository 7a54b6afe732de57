using System.Globalization;

namespace FlussLake.Client;

/// <summary>Which lake snapshot of a table is asked for.</summary>
public readonly record struct LakeSnapshotSpec
{
    private LakeSnapshotSpec(bool readable, long? snapshotId)
    {
        IsReadable = readable;
        SnapshotId = snapshotId;
    }

    /// <summary>The latest snapshot that a query engine sees consistently: what queries read.</summary>
    public static LakeSnapshotSpec Readable { get; } = new(true, null);

    /// <summary>The latest snapshot that was tiered, whether a query engine can read all of it or not.</summary>
    public static LakeSnapshotSpec Latest { get; }

    /// <summary>Whether only readable snapshots count.</summary>
    internal bool IsReadable { get; }

    /// <summary>The snapshot's id, or null.</summary>
    internal long? SnapshotId { get; }

    /// <summary>One certain snapshot.</summary>
    /// <param name="snapshotId">Its id in the lake.</param>
    /// <returns>The specification.</returns>
    public static LakeSnapshotSpec WithId(long snapshotId) => new(false, snapshotId);

    /// <summary>The specification for messages.</summary>
    /// <returns><c>readable</c>, <c>latest</c> or the id.</returns>
    public override string ToString() => IsReadable ? "readable" : SnapshotId?.ToString(CultureInfo.InvariantCulture) ?? "latest";
}
