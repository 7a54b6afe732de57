namespace FlussLake.Embedded.Log;

/// <summary>Where one stored batch is, and what is asked of it most.</summary>
/// <param name="Id">The row of the state.</param>
/// <param name="BaseOffset">The offset of its first record.</param>
/// <param name="NextOffset">The offset after its last record.</param>
/// <param name="Timestamp">Its commit timestamp in milliseconds since the epoch; never less than that of the batch before.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="WriterId">The writer that numbered it, or -1.</param>
/// <param name="Sequence">Its number among the writer's batches in the bucket, or -1.</param>
internal readonly record struct BatchEntry(long Id, long BaseOffset, long NextOffset, long Timestamp, int Size, long WriterId, int Sequence);
