using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    private readonly Lock _refreshGate = new();
    private readonly Dictionary<(long TableId, long? PartitionId), Task<bool>> _refreshes = [];

    internal ClusterMetadata Metadata => _metadata;

    internal ServerConnections Connections => _connections;

    /// <summary>The leader of a bucket: from memory, otherwise asked for. One question at a time for each table or partition, whoever asks.</summary>
    internal async Task<ServerAddress> LeaderAsync(TablePath path, TableBucket bucket, long deadline, CancellationToken cancellationToken)
    {
        if (_metadata.TryGetLeader(bucket, out ServerAddress leader))
        {
            return leader;
        }

        try
        {
            await RefreshOnceAsync(path, bucket.TableId, bucket.PartitionId).WaitAsync(Until(deadline), Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new FlussException($"The leader of {Name(path, bucket)} could not be found out in time.", FlussErrorCode.RequestTimeout, exception);
        }

        return _metadata.TryGetLeader(bucket, out leader)
            ? leader
            : throw new FlussException($"{Name(path, bucket)} has no leader at the moment.", FlussErrorCode.LeaderNotAvailable);
    }

    internal static string Name(TablePath path, TableBucket bucket) =>
        bucket.PartitionId is null ? $"table {path}, bucket {bucket.Bucket}" : $"table {path}, partition {bucket.PartitionId}, bucket {bucket.Bucket}";

    private static bool IsLeaderless(MetadataResponse response, PbTableMetadata table, long? partitionId)
    {
        Google.Protobuf.Collections.RepeatedField<PbBucketMetadata> buckets = partitionId is null
            ? table.BucketMetadata
            : response.PartitionMetadata.FirstOrDefault(partition => partition.PartitionId == partitionId)?.BucketMetadata ?? [];
        return buckets.Count == 0 || buckets.Any(static bucket => !bucket.HasLeaderId);
    }

    private Task<bool> RefreshOnceAsync(TablePath path, long tableId, long? partitionId)
    {
        TaskCompletionSource<bool> refresh = new();
        lock (_refreshGate)
        {
            if (_refreshes.TryGetValue((tableId, partitionId), out Task<bool>? running))
            {
                return running;
            }

            _refreshes.Add((tableId, partitionId), refresh.Task);
        }

        // Reports through the source, which whoever waits for holds.
        _ = RefreshAsync(path, tableId, partitionId, refresh);
        return refresh.Task;
    }

    private async Task RefreshAsync(TablePath path, long tableId, long? partitionId, TaskCompletionSource<bool> refresh)
    {
        Exception? failure = null;
        try
        {
            ClientLog.RefreshingLeaders(_logger, path);
            MetadataRequest request = new() { TablePath = { Wire(path) } };
            if (partitionId is { } partition)
            {
                request.PartitionsId.Add(partition);
            }

            MetadataResponse response = await AskAnyAsync(
                ApiKey.Metadata, request, MetadataResponse.Parser, $"table {path}", Time.After(_options.RequestTimeout), CancellationToken.None).ConfigureAwait(false);
            PbTableMetadata? table = response.TableMetadata.FirstOrDefault(table => table.TablePath.TableName == path.Table && table.TablePath.DatabaseName == path.Database);
            failure = table is null ? new FlussException($"The cluster does not show table {path} to this user.", FlussErrorCode.AuthorizationFailed)
                : table.TableId != tableId ? new FlussException(
                    $"Table {path} was dropped and created again: its id is {table.TableId} instead of {tableId}. Ask for the table anew.", FlussErrorCode.TableNotExist)
                : response.TabletServers.Count == 0 ? new FlussException($"The cluster names no tablet server for table {path}.", FlussErrorCode.LeaderNotAvailable)
                : null;
            if (failure is null)
            {
                _metadata.Update(response);
                if (IsLeaderless(response, table!, partitionId) && _metadata.Coordinator is { } coordinator)
                {
                    // A tablet server that was asked before the election may keep saying that there are no leaders; the coordinator elects them.
                    _metadata.Update(await AskAsync(
                        coordinator,
                        ApiKey.Metadata,
                        request,
                        MetadataResponse.Parser,
                        $"table {path}",
                        Time.After(_options.RequestTimeout),
                        ServerType.Coordinator,
                        CancellationToken.None).ConfigureAwait(false));
                }
            }
        }
#pragma warning disable CA1031 // Whatever it is, the waiters get it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        lock (_refreshGate)
        {
            _refreshes.Remove((tableId, partitionId));
        }

        if (failure is null)
        {
            refresh.SetResult(true);
        }
        else
        {
            refresh.SetException(failure);

            // Whoever waited may have given up meanwhile.
            _ = refresh.Task.Exception;
        }
    }
}
