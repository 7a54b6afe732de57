namespace FlussLake.Client.Log.Arrow;

/// <summary>How one buffer gets from the batch into the slab.</summary>
/// <param name="Source">Its first byte in the body, behind a length prefix.</param>
/// <param name="SourceLength">The bytes that it takes in the body.</param>
/// <param name="IsCompressed">Whether it has to be decompressed, or else is copied.</param>
/// <param name="Size">The bytes that it takes in the slab.</param>
/// <param name="Target">Its first byte in the slab.</param>
internal readonly record struct BufferPlan(int Source, int SourceLength, bool IsCompressed, int Size, long Target);
