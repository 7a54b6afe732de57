using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Client.Metadata;

/// <summary>What a client remembers of the cluster: its servers, and who leads which bucket. Answers of the Metadata request fill it, stale parts are forgotten.</summary>
internal sealed class ClusterMetadata
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long TableId, long? PartitionId), Dictionary<int, int>> _leaders = [];
    private Dictionary<int, ServerAddress> _tabletServers = [];

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

    public void Update(MetadataResponse response)
    {
        lock (_gate)
        {
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
