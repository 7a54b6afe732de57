using System.Collections.Concurrent;

using FlussLake.Client;

namespace FlussLake.Embedded.Log;

/// <summary>The logs of all buckets by their keys.</summary>
internal sealed class BucketLogs
{
    private readonly ConcurrentDictionary<TableBucket, BucketLog> _logs = new();

    public void Add(BucketLog log) => _logs[log.Bucket] = log;

    public void Remove(TableBucket bucket)
    {
        if (_logs.TryRemove(bucket, out BucketLog? log))
        {
            log.Drop();
        }
    }

    public BucketLog? Find(TableBucket bucket) => _logs.GetValueOrDefault(bucket);

    /// <exception cref="FlussException">There is no such bucket.</exception>
    public BucketLog Get(TableBucket bucket) => Find(bucket) ?? throw LogErrors.Unknown(bucket);

    /// <summary>The log of a bucket that a server leads.</summary>
    /// <exception cref="FlussException">There is no such bucket, or the server does not lead it.</exception>
    public BucketLog Get(TableBucket bucket, int server)
    {
        BucketLog log = Get(bucket);
        log.RequireLeader(server);
        return log;
    }
}
