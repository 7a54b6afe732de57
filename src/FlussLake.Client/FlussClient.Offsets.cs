using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    /// <summary>Asks for one offset of each of several buckets. The buckets' leaders are asked all at once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partitionId">The partition, or null for a table without partitions.</param>
    /// <param name="buckets">The buckets' numbers, each once.</param>
    /// <param name="offset">Which offset.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The offset of each bucket.</returns>
    /// <exception cref="FlussException">A bucket's leader refused or could not be found; the message names the bucket. Or the call failed.</exception>
    public async Task<IReadOnlyDictionary<int, long>> ListOffsetsAsync(
        TableInfo table, long? partitionId, IReadOnlyCollection<int> buckets, OffsetSpec offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(buckets);
        Dictionary<int, long> found = new(buckets.Count);
        if (buckets.Count == 0)
        {
            return found;
        }

        return await CallAsync(
            async (deadline, token) =>
            {
                await ListMissingOffsetsAsync(table, partitionId, [.. buckets.Where(bucket => !found.ContainsKey(bucket))], offset, found, deadline, token).ConfigureAwait(false);
                return found;
            },
            needsLeader: true,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ListMissingOffsetsAsync(
        TableInfo table, long? partitionId, List<int> buckets, OffsetSpec offset, Dictionary<int, long> found, long deadline, CancellationToken cancellationToken)
    {
        Dictionary<ServerAddress, ListOffsetsRequest> byLeader = [];
        foreach (int bucket in buckets)
        {
            ServerAddress leader = await LeaderAsync(table.Path, new TableBucket(table.TableId, partitionId, bucket), deadline, cancellationToken).ConfigureAwait(false);
            if (!byLeader.TryGetValue(leader, out ListOffsetsRequest? request))
            {
                byLeader[leader] = request = new ListOffsetsRequest { FollowerServerId = -1, OffsetType = offset.Type, TableId = table.TableId };
                if (partitionId is { } partition)
                {
                    request.PartitionId = partition;
                }

                if (offset.TimestampMilliseconds is { } timestamp)
                {
                    request.StartTimestamp = timestamp;
                }
            }

            request.BucketId.Add(bucket);
        }

        string subject = partitionId is null ? $"table {table.Path}" : $"table {table.Path}, partition {partitionId}";
        List<(ServerAddress Leader, ListOffsetsRequest Request, Task<ListOffsetsResponse> Answer)> asked = [];
        foreach ((ServerAddress leader, ListOffsetsRequest request) in byLeader)
        {
            asked.Add((leader, request, AskAsync(
                leader, ApiKey.ListOffsets, request, ListOffsetsResponse.Parser, subject, deadline, ServerType.TabletServer, cancellationToken)));
        }

        FlussException? failure = null;
        OperationCanceledException? cancelled = null;
        foreach ((ServerAddress leader, ListOffsetsRequest request, Task<ListOffsetsResponse> answer) in asked)
        {
            try
            {
                ListOffsetsResponse response = await answer.ConfigureAwait(false);
                foreach (int bucket in request.BucketId)
                {
                    FlussException? refused = TakeOffset(table.Path, new TableBucket(table.TableId, partitionId, bucket), leader, response, found);
                    failure = Worse(failure, refused);
                }
            }
            catch (FlussException exception)
            {
                failure = Worse(failure, exception);
            }
            catch (OperationCanceledException exception)
            {
                cancelled = exception;
            }
        }

        if (cancelled is not null)
        {
            throw cancelled;
        }

        if (failure is not null)
        {
            if (failure.IsTransient || failure.Code == FlussErrorCode.FencedLeaderEpoch)
            {
                _metadata.Forget(table.TableId, partitionId);
            }

            throw failure;
        }

        // A failure that retrying does not mend is the one to report.
        static FlussException? Worse(FlussException? first, FlussException? second) => first is null || (first.IsTransient && second is { IsTransient: false }) ? second : first;
    }

    internal static FlussException? TakeOffset(TablePath path, TableBucket bucket, ServerAddress leader, ListOffsetsResponse response, Dictionary<int, long> found)
    {
        PbListOffsetsForBucket? answer = response.Buckets.FirstOrDefault(answer => answer.BucketId == bucket.Bucket);
        if (answer is { HasErrorCode: true, ErrorCode: not 0 })
        {
            return RpcErrors.FromServer(ApiKey.ListOffsets, Name(path, bucket), leader, answer.ErrorCode, answer.ErrorMessage, hasCredentials: true);
        }

        if (answer is not { HasOffset: true, Offset: >= 0 })
        {
            return new FlussException($"{leader} gave no offset of {Name(path, bucket)}.", FlussErrorCode.CorruptMessage);
        }

        found[bucket.Bucket] = answer.Offset;
        return null;
    }
}
