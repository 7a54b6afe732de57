namespace FlussLake.Embedded.Log;

/// <summary>A batch that an idempotent writer appended.</summary>
/// <param name="Sequence">Its number among the writer's batches in the bucket.</param>
/// <param name="BaseOffset">The offset that it got.</param>
internal readonly record struct WriterBatch(int Sequence, long BaseOffset);
