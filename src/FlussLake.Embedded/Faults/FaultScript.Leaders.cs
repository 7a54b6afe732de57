using FlussLake.Client;
using FlussLake.Embedded.Catalog;
using FlussLake.Embedded.Log;

namespace FlussLake.Embedded.Faults;

/// <content>Moves of leadership.</content>
public sealed partial class FaultScript
{
    /// <summary>Moves the leadership of a bucket to a tablet server. The others refuse to serve the bucket from then on; nothing is lost.</summary>
    /// <param name="table">The table.</param>
    /// <param name="bucket">The bucket's number.</param>
    /// <param name="tabletServer">The server, from 0 to the number of tablet servers minus one.</param>
    /// <param name="partition">The partition's name, or null for a table without partitions.</param>
    /// <returns>A completed task.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such server.</exception>
    /// <exception cref="FlussException">There is no such table, partition or bucket.</exception>
    public Task MoveLeaderAsync(TablePath table, int bucket, int tabletServer, string? partition = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tabletServer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tabletServer, _servers);
        Log(table, bucket, partition).Lead(tabletServer);
        return Task.CompletedTask;
    }

    /// <summary>Takes the leadership of a bucket from all tablet servers, until it is moved to one again.</summary>
    /// <param name="table">The table.</param>
    /// <param name="bucket">The bucket's number.</param>
    /// <param name="partition">The partition's name, or null for a table without partitions.</param>
    /// <returns>A completed task.</returns>
    /// <exception cref="FlussException">There is no such table, partition or bucket.</exception>
    public Task RemoveLeaderAsync(TablePath table, int bucket, string? partition = null)
    {
        Log(table, bucket, partition).Lead(null);
        return Task.CompletedTask;
    }

    private BucketLog Log(TablePath table, int bucket, string? partition)
    {
        TableEntry entry = Catalog.Get(table);
        long? partitionId = partition is null ? null
            : entry.Partitions.TryGetValue(partition, out long known) ? known : throw TableErrors.NoPartition(table, partition);
        return _logs!.Get(new TableBucket(entry.TableId, partitionId, bucket));
    }
}
