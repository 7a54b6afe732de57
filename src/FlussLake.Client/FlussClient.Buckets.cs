using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

namespace FlussLake.Client;

/// <content>Offsets of the buckets of many partitions at once.</content>
public sealed partial class FlussClient
{
    // An answer names every bucket of every partition.
    private const int PartitionsOfOneQuestion = 500;

    /// <summary>
    /// Asks for one offset of each of several buckets, which may belong to many partitions. Leaders that are not known are asked for in one go, and all partitions are asked at once:
    /// one request for each partition and leader.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="buckets">Buckets of the table, each once.</param>
    /// <param name="offset">Which offset.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The offset of each bucket.</returns>
    /// <exception cref="FlussException">
    /// A partition is gone (<see cref="FlussErrorCode.PartitionNotExists"/>), or a bucket's leader refused or could not be found; the message names it. Or the call failed.
    /// </exception>
    public Task<IReadOnlyDictionary<TableBucket, long>> ListOffsetsAsync(
        TableInfo table, IReadOnlyCollection<TableBucket> buckets, OffsetSpec offset, CancellationToken cancellationToken = default) =>
        AskPartitionsAsync(table, buckets, (partition, numbers) => ListOffsetsAsync(table, partition, numbers, offset, cancellationToken), cancellationToken);

    /// <summary>
    /// Asks for the exclusive end of what can be read now of each of several buckets, which may belong to many partitions, with the care of
    /// <see cref="ListEndOffsetsAsync(TableInfo, long?, IReadOnlyCollection{int}, CancellationToken)"/>.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="buckets">Buckets of the table, each once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The end of each bucket.</returns>
    /// <exception cref="FlussException">
    /// A partition is gone (<see cref="FlussErrorCode.PartitionNotExists"/>), a bucket's end went back and stays there (<see cref="FlussErrorCode.LogOffsetOutOfRange"/>), or the call
    /// failed.
    /// </exception>
    public Task<IReadOnlyDictionary<TableBucket, long>> ListEndOffsetsAsync(
        TableInfo table, IReadOnlyCollection<TableBucket> buckets, CancellationToken cancellationToken = default) =>
        AskPartitionsAsync(table, buckets, (partition, numbers) => ListEndOffsetsAsync(table, partition, numbers, cancellationToken), cancellationToken);

    /// <summary>Forgets what is known of a table's partitions that are not there any more, so that a client that lives long does not grow with them.</summary>
    internal void KeepPartitions(long tableId, IReadOnlySet<long> partitions)
    {
        bool IsGone(long table, long? partition) => table == tableId && partition is { } id && !partitions.Contains(id);
        _knownEnds.Forget(bucket => IsGone(bucket.TableId, bucket.PartitionId));
        _metadata.Forget(IsGone);
    }

    private async Task<IReadOnlyDictionary<TableBucket, long>> AskPartitionsAsync(
        TableInfo table, IReadOnlyCollection<TableBucket> buckets, Func<long?, int[], Task<IReadOnlyDictionary<int, long>>> ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(buckets);
        (long? Partition, int[] Buckets)[] parts =
        [
            .. buckets.GroupBy(bucket => bucket.PartitionId).Select(part => (part.Key, part.Select(bucket => bucket.Bucket).ToArray())),
        ];
        await KnowLeadersAsync(table, parts, cancellationToken).ConfigureAwait(false);
        Task<IReadOnlyDictionary<int, long>>[] answers = [.. parts.Select(part => ask(part.Partition, part.Buckets))];
        try
        {
            await Task.WhenAll(answers).ConfigureAwait(false);
        }
        catch (FlussException)
        {
            // A failure that retrying does not mend is the one to report.
            throw answers.Select(answer => answer.Exception?.InnerException).OfType<FlussException>().MinBy(failure => failure.IsTransient)!;
        }

        Dictionary<TableBucket, long> found = new(buckets.Count);
        for (int i = 0; i < parts.Length; i++)
        {
            foreach ((int number, long offset) in await answers[i].ConfigureAwait(false))
            {
                found[new TableBucket(table.TableId, parts[i].Partition, number)] = offset;
            }
        }

        return found;
    }

    // Leaders that are still missing afterwards are asked for one partition at a time, by whoever needs them.
    private async Task KnowLeadersAsync(TableInfo table, (long? Partition, int[] Buckets)[] parts, CancellationToken cancellationToken)
    {
        long[] unknown =
        [
            .. parts.Where(part => part.Partition is not null && !part.Buckets.All(bucket => _metadata.TryGetLeader(new TableBucket(table.TableId, part.Partition, bucket), out _)))
                .Select(part => part.Partition!.Value),
        ];
        if (unknown.Length < 2)
        {
            return;
        }

        foreach (long[] some in unknown.Chunk(PartitionsOfOneQuestion))
        {
            MetadataRequest request = new() { TablePath = { Wire(table.Path) }, PartitionsId = { some } };
            _metadata.Update(await CallAnyAsync(
                ApiKey.Metadata, request, MetadataResponse.Parser, $"table {table.Path}, {some.Length} partitions", cancellationToken).ConfigureAwait(false));
        }
    }
}
