namespace FlussLake.Lake;

/// <summary>Every message of this package in one place.</summary>
internal static class LakeErrors
{
    internal static LakeException Damaged(string file, string detail, Exception? cause = null) =>
        new(LakeErrorKind.Damaged, $"The lake metadata file '{file}' is damaged: {detail}.", cause);

    internal static LakeException Inconsistent(string table, long snapshotId, string detail) =>
        new(LakeErrorKind.Damaged, $"The metadata of snapshot {snapshotId} of the lake table '{table}' is inconsistent: {detail}.");

    internal static LakeException NotSupported(string table, string what, string advice) =>
        new(LakeErrorKind.NotSupported, $"The lake table '{table}' cannot be read: {what}. {advice}");

    internal static LakeException FileNotSupported(string file, string what, string advice) =>
        new(LakeErrorKind.NotSupported, $"The lake file '{file}' cannot be read: {what}. {advice}");

    internal static LakeException TableNotFound(string table) => new(
        LakeErrorKind.TableNotFound,
        $"There is no folder '{table}', where the lake table should be. If its warehouse is found elsewhere from this machine, the warehouse root can be replaced.");

    internal static LakeException NoSchema(string table) => new(
        LakeErrorKind.TableNotFound, $"The folder '{table}' holds no Paimon table: there is no schema file below '{table}/schema'.");

    internal static LakeException SnapshotNotFound(string table, long snapshotId, Exception? cause) => new(
        LakeErrorKind.SnapshotNotFound,
        $"Snapshot {snapshotId} of the lake table '{table}' is not there, and no tag keeps it: it has expired, or was never written. Ask for the newest readable snapshot again.",
        cause);

    internal static LakeException FileNotFound(string file, string referredBy, Exception cause) => new(
        LakeErrorKind.FileNotFound, $"The lake metadata file '{file}', which {referredBy} names, is not there. The snapshot may have expired meanwhile: ask for the newest one.", cause);

    internal static LakeException Unreadable(string file, Exception cause) =>
        new(LakeErrorKind.Unreadable, $"The lake file or folder '{file}' cannot be read: {cause.Message}", cause);

    internal static LakeException TooLarge(string file, long bytes, long limit) =>
        new(LakeErrorKind.NotSupported, $"The lake metadata file '{file}' has {bytes} bytes; at most {limit} are read.");

    internal static LakeException Location(string location, string why) => new(LakeErrorKind.NotSupported, $"The lake location '{location}' cannot be used: {why}.");
}
