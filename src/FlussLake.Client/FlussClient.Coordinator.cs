using System.Globalization;

using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

using Google.Protobuf;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    /// <summary>
    /// Asks the coordinator for a change. Where nothing can have happened (the request never left, or the server is not the coordinator any more), the change is asked for
    /// again. Where the answer was lost, only a repeatable change is: a second attempt of another one could report its own first attempt as a conflict.
    /// </summary>
    private async Task<TResponse> ChangeAsync<TResponse>(
        ApiKey key, IMessage body, MessageParser<TResponse> parser, string subject, bool repeatable, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        FlussException? uncertain = null;
        TResponse? response = await CallAsync(
            async (deadline, token) =>
            {
                ServerAddress coordinator = await CoordinatorAsync(deadline, token).ConfigureAwait(false);
                TaskRequest<TResponse> request = new(key, body, parser, subject, deadline) { RequiredServer = ServerType.Coordinator };
                request.CancelWith(token);
                _connections.Get(coordinator).Send(request);
                try
                {
                    return await request.Task.ConfigureAwait(false);
                }
                catch (FlussException exception) when (exception.IsTransient)
                {
                    _metadata.ForgetCoordinator(coordinator);
                    if (repeatable || request.SentAt == 0 || exception.Code == FlussErrorCode.NotCoordinatorLeader)
                    {
                        throw;
                    }

                    uncertain = new FlussException(
                        $"{key} of {subject}: whether it took effect is not known, so look before you call again. {exception.Message}", exception.Code, exception);
                    return null;
                }
            },
            needsLeader: true,
            cancellationToken).ConfigureAwait(false);
        return uncertain is null ? response! : throw uncertain;
    }

    private async Task<ServerAddress> CoordinatorAsync(long deadline, CancellationToken cancellationToken)
    {
        if (_metadata.Coordinator is { } known)
        {
            return known;
        }

        _metadata.Update(await AskAnyAsync(
            ApiKey.Metadata, new MetadataRequest(), MetadataResponse.Parser, "the cluster", deadline, cancellationToken).ConfigureAwait(false));
        return _metadata.Coordinator ?? throw new FlussException("The cluster has no coordinator at the moment.", FlussErrorCode.NotCoordinatorLeader);
    }

    /// <summary>
    /// Waits until every bucket of a new table, or of its partition of that name, has a leader. Asks the coordinator, which elects them: a tablet server that is asked too early may
    /// remember for long that there are none.
    /// </summary>
    internal Task<long?> AwaitLeadersAsync(TablePath path, string? partition, int buckets, CancellationToken cancellationToken)
    {
        string subject = partition is null ? $"table {path}" : $"table {path}, partition {partition}";
        MetadataRequest request = new() { TablePath = { Wire(path) } };
        if (partition is not null)
        {
            request.PartitionsPath.Add(new PbPhysicalTablePath { DatabaseName = path.Database, TableName = path.Table, PartitionName = partition });
        }

        return CallAsync(
            async (deadline, token) =>
            {
                ServerAddress coordinator = await CoordinatorAsync(deadline, token).ConfigureAwait(false);
                MetadataResponse response;
                try
                {
                    response = await AskAsync(
                        coordinator, ApiKey.Metadata, request, MetadataResponse.Parser, subject, deadline, ServerType.Coordinator, token).ConfigureAwait(false);
                }
                catch (FlussException exception) when (exception.IsTransient)
                {
                    _metadata.ForgetCoordinator(coordinator);
                    throw;
                }

                PbPartitionMetadata? part = response.PartitionMetadata.FirstOrDefault(part => part.PartitionName == partition);
                IEnumerable<PbBucketMetadata> leaders = partition is null ? response.TableMetadata.SelectMany(table => table.BucketMetadata) : part?.BucketMetadata ?? [];
                int led = leaders.Count(bucket => bucket.HasLeaderId);
                if (led < buckets)
                {
                    throw new FlussException(
                        string.Create(CultureInfo.InvariantCulture, $"{subject}: only {led} of its {buckets} buckets have a leader yet."), FlussErrorCode.LeaderNotAvailable);
                }

                _metadata.Update(response);
                return part?.PartitionId;
            },
            needsLeader: true,
            cancellationToken);
    }
}
