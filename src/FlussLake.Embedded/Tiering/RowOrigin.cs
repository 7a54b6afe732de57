namespace FlussLake.Embedded.Tiering;

/// <summary>Where in the log a row lies, as the system columns tell.</summary>
/// <param name="Bucket">The Fluss bucket.</param>
/// <param name="Offset">The row's offset; the rows behind it have the next ones.</param>
/// <param name="Timestamp">When its batch was committed, in milliseconds since the epoch.</param>
internal readonly record struct RowOrigin(int Bucket, long Offset, long Timestamp);
