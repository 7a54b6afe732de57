using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Cluster.Tests.Tiering;

/// <summary>Fetches the log batches of a cluster's table and writes them into a lake table of the cluster's warehouse, as a round of tiering.</summary>
internal sealed class LakeWriter : IDisposable
{
    private readonly KitCluster _cluster;
    private readonly FlussClient _client;

    public LakeWriter(KitCluster cluster)
    {
        _cluster = cluster;
        _client = new FlussClient(new FlussClientOptions { BootstrapServers = [cluster.Servers] });
        Catalog = new PaimonCatalog(cluster.Warehouse);
    }

    public PaimonCatalog Catalog { get; }

    /// <summary>A table of the cluster, under the name that it has or shall have in the lake.</summary>
    public async Task<TableInfo> DescribeAsync(LabTable source, TablePath target) =>
        await _client.GetTableInfoAsync(new TablePath(source.Database, source.Name), TestContext.Current.CancellationToken) with { Path = target };

    /// <summary>Creates the lake table of a cluster's table under another name.</summary>
    public async Task CreateAsync(LabTable source, TablePath target) => Catalog.CreateTable(await DescribeAsync(source, target));

    /// <summary>Writes the rows with the given offsets of every bucket, or all rows, and commits.</summary>
    public async Task<long?> TierAsync(LabTable source, TablePath target, long from = 0, long to = long.MaxValue, IReadOnlyDictionary<string, string>? properties = null)
    {
        TableInfo described = await DescribeAsync(source, target);
        using PaimonTieringRound round = new(_cluster.Warehouse, described);
        await WriteAsync(round, source, from, to);
        return round.Commit(properties ?? new Dictionary<string, string>());
    }

    /// <summary>Writes the rows with the given offsets of every bucket into a round.</summary>
    public async Task WriteAsync(PaimonTieringRound round, LabTable source, long from = 0, long to = long.MaxValue)
    {
        TablePath path = new(source.Database, source.Name);
        TableInfo table = await _client.GetTableInfoAsync(path, TestContext.Current.CancellationToken);
        IReadOnlyList<PartitionInfo?> partitions = table.PartitionKeys.Count == 0 ? [null] : [.. await _client.ListPartitionsAsync(path, TestContext.Current.CancellationToken)];
        foreach (PartitionInfo? partition in partitions)
        {
            IReadOnlyDictionary<int, long> ends = await _client.ListOffsetsAsync(
                table, partition?.PartitionId, [.. Enumerable.Range(0, table.BucketCount)], OffsetSpec.Latest, TestContext.Current.CancellationToken);
            LogRange[] ranges = [.. ends.Select(end => new LogRange(new TableBucket(table.TableId, partition?.PartitionId, end.Key), from, Math.Min(to, end.Value)))];
            using LogScan scan = _client.OpenLogScan(new LogScanOptions { Table = table, Ranges = ranges });
            while (scan.TryTake(out LogScanBatch? batch, TestContext.Current.CancellationToken))
            {
                using (batch)
                {
                    TableSchema schema = await _client.GetSchemaAsync(table, batch.Header.SchemaId, TestContext.Current.CancellationToken);
                    round.Write(batch.Bucket, partition?.Name, schema, batch.Header, batch.Bytes, batch.FirstRow, batch.RowCount);
                }
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
