namespace FlussLake.Lake;

/// <summary>What kind of fault a <see cref="LakeException"/> reports, so that a caller can tell what may succeed when tried again.</summary>
public enum LakeErrorKind
{
    /// <summary>A metadata file holds what it must not hold, or is cut short.</summary>
    Damaged,

    /// <summary>The table's root folder is not there.</summary>
    TableNotFound,

    /// <summary>The snapshot is not there: expired, or never written. A newer snapshot may be there.</summary>
    SnapshotNotFound,

    /// <summary>A file that the snapshot's metadata names is not there. Mostly the snapshot expired while it was planned.</summary>
    FileNotFound,

    /// <summary>The table, a file or an option uses what this planner does not read.</summary>
    NotSupported,

    /// <summary>The storage failed to give a file: no permission, or an input/output error.</summary>
    Unreadable,
}
