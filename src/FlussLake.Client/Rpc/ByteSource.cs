namespace FlussLake.Client.Rpc;

/// <summary>Where a peer's bytes come from: puts at least one byte into the target, or none at the end of the stream.</summary>
/// <param name="target">Where the bytes go.</param>
/// <returns>How many there are; 0 at the end.</returns>
internal delegate int ByteSource(Span<byte> target);
