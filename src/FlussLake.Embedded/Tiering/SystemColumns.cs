namespace FlussLake.Embedded.Tiering;

/// <summary>The columns that Fluss 0.9 puts behind a table's own in the lake: where in the log the row came from.</summary>
internal static class SystemColumns
{
    public const string Bucket = "__bucket";
    public const string Offset = "__offset";
    public const string Timestamp = "__timestamp";

    /// <summary>Names and Paimon types, in order.</summary>
    public static IReadOnlyList<(string Name, string Type)> All { get; } =
        [(Bucket, "INT"), (Offset, "BIGINT"), (Timestamp, "TIMESTAMP(3) WITH LOCAL TIME ZONE")];

    public static bool Contains(string column) => column is Bucket or Offset or Timestamp;
}
