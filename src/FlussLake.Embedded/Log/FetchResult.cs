using FlussLake.Client.Protocol;

namespace FlussLake.Embedded.Log;

/// <summary>What a fetch found at one moment.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Bytes">The bytes of records in it.</param>
/// <param name="HasFailed">Whether a bucket's error ends the wait for more.</param>
/// <param name="Logs">The logs that were read, and how far they went.</param>
internal sealed record FetchResult(FetchLogResponse Response, long Bytes, bool HasFailed, IReadOnlyList<(BucketLog Log, long End)> Logs);
