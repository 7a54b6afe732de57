using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client.Metadata;

/// <summary>What a client remembers of the cluster: its servers, and who leads which bucket. Answers of the Metadata request fill it, stale parts are forgotten.</summary>
internal sealed class ClusterMetadata
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long TableId, long? PartitionId), Dictionary<int, int>> _leaders = [];
    private Dictionary<int, ServerAddress> _tabletServers = [];
    private ServerAddress? _coordinator;

    /// <summary>The server that leads the cluster's coordinators, as far as is known.</summary>
    public ServerAddress? Coordinator
    {
        get
        {
            lock (_gate)
            {
                return _coordinator;
            }
        }
    }

    public IReadOnlyList<ServerAddress> TabletServers
    {
        get
        {
            lock (_gate)
            {
                return [.. _tabletServers.Values];
            }
        }
    }

    public bool TryGetLeader(TableBucket bucket, out ServerAddress leader)
    {
        lock (_gate)
        {
            leader = default;
            return _leaders.TryGetValue((bucket.TableId, bucket.PartitionId), out Dictionary<int, int>? leaders)
                && leaders.TryGetValue(bucket.Bucket, out int id)
                && _tabletServers.TryGetValue(id, out leader);
        }
    }

    /// <summary>Forgets the leaders of a table or partition, so that the next question for one asks the cluster.</summary>
    public void Forget(long tableId, long? partitionId)
    {
        lock (_gate)
        {
            _leaders.Remove((tableId, partitionId));
        }
    }

    /// <summary>Forgets the leaders of partitions that are gone.</summary>
    public void Forget(Func<long, long?, bool> isGone)
    {
        lock (_gate)
        {
            foreach ((long tableId, long? partitionId) in _leaders.Keys)
            {
                if (isGone(tableId, partitionId))
                {
                    // Removing does not end an enumeration of a dictionary.
                    _leaders.Remove((tableId, partitionId));
                }
            }
        }
    }

    /// <summary>Forgets a coordinator that did not answer as one, so that the next question for it asks the cluster.</summary>
    public void ForgetCoordinator(ServerAddress address)
    {
        lock (_gate)
        {
            if (_coordinator == address)
            {
                _coordinator = null;
            }
        }
    }

    public void Update(MetadataResponse response)
    {
        lock (_gate)
        {
            if (response.CoordinatorServer is { Port: > 0 and <= 65535 } coordinator)
            {
                _coordinator = new ServerAddress(coordinator.Host, coordinator.Port);
            }

            if (response.TabletServers.Count > 0)
            {
                Dictionary<int, ServerAddress> servers = [];
                foreach (PbServerNode node in response.TabletServers)
                {
                    if (node.Port is > 0 and <= 65535)
                    {
                        servers[node.NodeId] = new ServerAddress(node.Host, node.Port);
                    }
                }

                _tabletServers = servers;
            }

            foreach (PbTableMetadata table in response.TableMetadata)
            {
                // Empty for partitioned tables, whose leaders come with their partitions.
                if (table.BucketMetadata.Count > 0)
                {
                    _leaders[(table.TableId, null)] = LeadersOf(table.BucketMetadata);
                }
            }

            foreach (PbPartitionMetadata partition in response.PartitionMetadata)
            {
                _leaders[(partition.TableId, partition.PartitionId)] = LeadersOf(partition.BucketMetadata);
            }
        }
    }

    private static Dictionary<int, int> LeadersOf(IEnumerable<PbBucketMetadata> buckets)
    {
        Dictionary<int, int> leaders = [];
        foreach (PbBucketMetadata bucket in buckets)
        {
            if (bucket.HasLeaderId)
            {
                leaders[bucket.BucketId] = bucket.LeaderId;
            }
        }

        return leaders;
    }
}
