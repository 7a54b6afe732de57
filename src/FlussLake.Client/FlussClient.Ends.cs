using FlussLake.Client.Metadata;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    // A leader that has just taken over may lag behind for a moment.
    private static readonly TimeSpan s_lagPatience = TimeSpan.FromSeconds(5);

    private readonly KnownEnds _knownEnds = new();

    /// <summary>
    /// Asks for the exclusive end of what can be read now of each bucket, like <see cref="ListOffsetsAsync(TableInfo, long?, IReadOnlyCollection{int}, OffsetSpec, CancellationToken)"/> with <see cref="OffsetSpec.Latest"/>, but never takes an end
    /// that lies before one that this client saw earlier. A leader that has just taken over is waited for; one that stays behind is an error: a server that was killed may
    /// not show records that it had acknowledged, and reading without them would be a silent gap.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="partitionId">The partition, or null for a table without partitions.</param>
    /// <param name="buckets">The buckets' numbers, each once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The end of each bucket.</returns>
    /// <exception cref="FlussException">A bucket's end went back and stays there (<see cref="FlussErrorCode.LogOffsetOutOfRange"/>); the message names it. Or the call failed.</exception>
    public async Task<IReadOnlyDictionary<int, long>> ListEndOffsetsAsync(
        TableInfo table, long? partitionId, IReadOnlyCollection<int> buckets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        long deadline = Time.After(s_lagPatience < _options.RequestTimeout ? s_lagPatience : _options.RequestTimeout);
        for (int attempt = 0; ; attempt++)
        {
            IReadOnlyDictionary<int, long> ends = await ListOffsetsAsync(table, partitionId, buckets, OffsetSpec.Latest, cancellationToken).ConfigureAwait(false);
            List<(int Bucket, long Known, long Now)> wentBack = _knownEnds.Note(table.TableId, partitionId, ends);
            if (wentBack.Count == 0)
            {
                return ends;
            }

            (int bucket, long known, long now) = wentBack[0];
            string problem = $"{Name(table.Path, new TableBucket(table.TableId, partitionId, bucket))}: the end of the log went back from offset {known} to {now}. "
                + "The server lost records, or does not show them until the next append. To read without them, use a new client.";
            if (Until(deadline) == TimeSpan.Zero)
            {
                throw new FlussException(problem, FlussErrorCode.LogOffsetOutOfRange);
            }

            NoteFailure(problem);
            await Task.Delay(Pause(attempt), Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
