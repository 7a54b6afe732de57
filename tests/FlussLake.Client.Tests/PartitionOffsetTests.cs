using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

/// <summary>Offsets of many partitions: leaders are asked for in one go, offsets once for each partition and leader.</summary>
public sealed class PartitionOffsetTests
{
    private const int Partitions = 40;
    private const int Buckets = 3;

    private readonly HashSet<long> _dropped = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_question_finds_the_leaders_and_one_for_each_partition_and_leader_the_offsets()
    {
        using FakeCluster cluster = Cluster();
        using FlussClient client = new(cluster.Options);

        IReadOnlyDictionary<TableBucket, long> ends = await client.ListEndOffsetsAsync(cluster.Table, All(cluster), Token);

        Assert.Equal(All(cluster).ToDictionary(bucket => bucket, bucket => (bucket.PartitionId!.Value * 10) + bucket.Bucket), ends);
        Assert.Equal(1, cluster.Servers.Sum(server => server.Count(ApiKey.Metadata)));
        Assert.All(cluster.Servers, server => Assert.Equal(Partitions, server.Count(ApiKey.ListOffsets)));

        // Known leaders are not asked for again, and nothing is asked where nothing is wanted.
        await client.ListOffsetsAsync(cluster.Table, All(cluster)[..Buckets], OffsetSpec.Earliest, Token);
        Assert.Empty(await client.ListOffsetsAsync(cluster.Table, Array.Empty<TableBucket>(), OffsetSpec.Earliest, Token));
        Assert.Equal(1, cluster.Servers.Sum(server => server.Count(ApiKey.Metadata)));
        Assert.All(cluster.Servers, server => Assert.Equal(Partitions + 1, server.Count(ApiKey.ListOffsets)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_partition_that_is_gone_is_the_failure_whether_its_leader_is_known_or_not(bool isKnown)
    {
        using FakeCluster cluster = Cluster();
        using FlussClient client = new(cluster.Options);
        if (isKnown)
        {
            await client.ListEndOffsetsAsync(cluster.Table, All(cluster), Token);
        }

        _dropped.Add(7);

        FlussException gone = await Assert.ThrowsAsync<FlussException>(() => client.ListEndOffsetsAsync(cluster.Table, All(cluster), Token));

        Assert.Equal(FlussErrorCode.PartitionNotExists, gone.Code);
    }

    [Fact]
    public async Task An_end_that_went_back_is_refused_for_its_partition()
    {
        using FakeCluster cluster = Cluster();
        using FlussClient client = new(cluster.Options with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        await client.ListEndOffsetsAsync(cluster.Table, All(cluster), Token);
        _step = 9;

        FlussException lost = await Assert.ThrowsAsync<FlussException>(() => client.ListEndOffsetsAsync(cluster.Table, All(cluster)[..(2 * Buckets)], Token));

        Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, lost.Code);
        Assert.Contains("partition 1, bucket 0: the end of the log went back from offset 10 to 9", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_remembered_of_partitions_that_are_gone()
    {
        using FakeCluster cluster = Cluster();
        using FlussClient client = new(cluster.Options);
        await client.ListEndOffsetsAsync(cluster.Table, All(cluster), Token);

        client.KeepPartitions(cluster.TableId, new HashSet<long> { 3 });

        Assert.All(All(cluster), bucket => Assert.Equal(bucket.PartitionId == 3, client.Metadata.TryGetLeader(bucket, out _)));
        _step = 9;
        await client.ListEndOffsetsAsync(cluster.Table, [.. All(cluster).Where(bucket => bucket.PartitionId != 3)], Token);
        Assert.Equal(2, cluster.Servers.Sum(server => server.Count(ApiKey.Metadata)));
    }

    private long _step = 10;

    private static TableBucket[] All(FakeCluster cluster) =>
        [.. Enumerable.Range(0, Partitions).SelectMany(partition => Enumerable.Range(0, Buckets).Select(bucket => new TableBucket(cluster.TableId, partition, bucket)))];

    private FakeCluster Cluster()
    {
        FakeCluster cluster = new(servers: 2, buckets: Buckets);
        cluster.Intercept = (server, connection, request) =>
        {
            switch (request.Key)
            {
                case ApiKey.Metadata:
                    MetadataRequest asked = request.Read(MetadataRequest.Parser);
                    if (asked.PartitionsId.Any(_dropped.Contains))
                    {
                        connection.Refuse(request, FlussErrorCode.PartitionNotExists, "gone");
                        return true;
                    }

                    MetadataResponse metadata = cluster.Metadata();
                    metadata.TableMetadata[0].BucketMetadata.Clear();
                    metadata.PartitionMetadata.AddRange(asked.PartitionsId.Select(Metadata));
                    connection.Answer(request, metadata);
                    return true;
                case ApiKey.ListOffsets:
                    connection.Answer(request, Offsets(server, request.Read(ListOffsetsRequest.Parser)));
                    return true;
                default:
                    return false;
            }
        };
        return cluster;

        PbPartitionMetadata Metadata(long partition) => new()
        {
            TableId = cluster.TableId,
            PartitionId = partition,
            PartitionName = $"p{partition}",
            BucketMetadata = { Enumerable.Range(0, Buckets).Select(bucket => new PbBucketMetadata { BucketId = bucket, LeaderId = bucket % 2 }) },
        };
    }

    private ListOffsetsResponse Offsets(int server, ListOffsetsRequest request) => new()
    {
        Buckets =
        {
            request.BucketId.Select(bucket => _dropped.Contains(request.PartitionId) || bucket % 2 != server
                ? new PbListOffsetsForBucket { BucketId = bucket, ErrorCode = (int)FlussErrorCode.UnknownTableOrBucket }
                : new PbListOffsetsForBucket { BucketId = bucket, Offset = (request.PartitionId * _step) + bucket }),
        },
    };
}
