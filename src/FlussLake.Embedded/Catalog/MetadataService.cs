using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.Rpc;

using Google.Protobuf;

namespace FlussLake.Embedded.Catalog;

/// <summary>Who serves what: the servers, and the leaders of the buckets of tables and partitions.</summary>
internal sealed class MetadataService(TableCatalog catalog, BucketLogs logs, Func<IReadOnlyList<(ServerNode Node, int Port)>> servers)
{
    private const string Host = "127.0.0.1";

    public void Register(ApiSet apis) => apis.Serve(ApiKey.Metadata, MetadataRequest.Parser, Metadata);

    private MetadataResponse Metadata(MetadataRequest request)
    {
        MetadataResponse response = new();
        foreach ((ServerNode node, int port) in servers())
        {
            PbServerNode shown = new() { NodeId = node.Id, Host = Host, Port = port };
            if (node.Role == ServerRole.Coordinator)
            {
                response.CoordinatorServer = shown;
            }
            else
            {
                response.TabletServers.Add(shown);
            }
        }

        // Each once, however often it is named: else a small request could ask for an answer of any size.
        List<TableEntry> tables = [.. request.TablePath.Select(CatalogService.ToPath).Distinct().Select(catalog.Get)];
        response.TableMetadata.AddRange(tables.Select(Describe));
        foreach ((TablePath path, string name) in request.PartitionsPath.Select(ToPartition).Distinct())
        {
            TableEntry table = catalog.Get(path);
            response.PartitionMetadata.Add(table.Partitions.TryGetValue(name, out long id) ? Describe(table, name, id) : throw TableErrors.NoPartition(path, name));
        }

        foreach (long id in request.PartitionsId.Distinct())
        {
            response.PartitionMetadata.Add(catalog.FindPartition(id) is var (table, name)
                ? Describe(table, name, id)
                : throw new FlussException($"There is no partition with the id {id}.", FlussErrorCode.PartitionNotExists));
        }

        return response;
    }

    private static (TablePath Table, string Name) ToPartition(PbPhysicalTablePath partition) =>
        (new TablePath(partition.DatabaseName, partition.TableName), partition.HasPartitionName ? partition.PartitionName : "");

    private PbTableMetadata Describe(TableEntry table)
    {
        PbTableMetadata shown = new()
        {
            TablePath = new PbTablePath { DatabaseName = table.Path.Database, TableName = table.Path.Table },
            TableId = table.TableId,
            SchemaId = table.LatestSchema.Schema.SchemaId,
            TableJson = ByteString.CopyFrom(TableJson.Write(table.Shown(catalog.LakeProperties))),
            CreatedTime = table.CreatedTime,
            ModifiedTime = table.ModifiedTime,
        };
        if (!table.IsPartitioned)
        {
            shown.BucketMetadata.AddRange(Buckets(table, null));
        }

        return shown;
    }

    private PbPartitionMetadata Describe(TableEntry table, string name, long id) => new()
    {
        TableId = table.TableId,
        PartitionName = name,
        PartitionId = id,
        BucketMetadata = { Buckets(table, id) },
    };

    private IEnumerable<PbBucketMetadata> Buckets(TableEntry table, long? partition)
    {
        foreach (TableBucket bucket in table.Buckets(partition))
        {
            // A table that is dropped at this moment has no logs any more; the client learns it from the buckets themselves.
            if (logs.Find(bucket) is not { } log)
            {
                continue;
            }

            PbBucketMetadata shown = new() { BucketId = bucket.Bucket, LeaderEpoch = log.LeaderEpoch };
            if (log.Leader is { } leader)
            {
                shown.LeaderId = leader;
                shown.ReplicaId.Add(leader);
            }

            yield return shown;
        }
    }
}
