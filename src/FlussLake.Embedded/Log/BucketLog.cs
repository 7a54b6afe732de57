using FlussLake.Client;
using FlussLake.Embedded.State;

namespace FlussLake.Embedded.Log;

/// <summary>
/// The log of one bucket: an index of its batches in memory, their bytes in the state. Appends run on the state's writer alone and show to readers once they are committed.
/// The log starts at offset 0: nothing expires.
/// </summary>
internal sealed partial class BucketLog
{
    /// <summary>The fetch offset that stands for the start of the log.</summary>
    public const long EarliestOffset = -2;

    private readonly StateStore _store;
    private readonly TimeProvider _time;
    private readonly long _id;
    private readonly Lock _gate = new();

    // Changed by the writer's thread alone, so that it may read them without the lock.
    private List<BatchEntry> _batches = [];
    private List<FetchCall> _waiting = [];
    private int? _leader;
    private bool _dropped;

    private BucketLog(StateStore store, TimeProvider time, long id, TableBucket bucket, int? leader)
    {
        _store = store;
        _time = time;
        _id = id;
        Bucket = bucket;
        _leader = leader;
    }

    public TableBucket Bucket { get; }

    /// <summary>The tablet server that leads, or null.</summary>
    public int? Leader
    {
        get
        {
            lock (_gate)
            {
                return _leader;
            }
        }
    }

    /// <summary>How often the leadership has changed.</summary>
    public int LeaderEpoch { get; private set; }

    /// <summary>How far the log went when its leader became the leader.</summary>
    public long EndWhenElected { get; private set; }

    /// <summary>The exclusive end of what is committed, which is all that anybody sees.</summary>
    public long HighWatermark
    {
        get
        {
            lock (_gate)
            {
                return End;
            }
        }
    }

    // Under the lock.
    private long End => _batches.Count == 0 ? 0 : _batches[^1].NextOffset;

    /// <summary>Opens a bucket of the state: reads the index of its batches, not their bytes.</summary>
    public static BucketLog Open(StateStore store, TimeProvider time, long id, TableBucket bucket, int? leader)
    {
        BucketLog log = new(store, time, id, bucket, leader);
        log.Load();
        log.EndWhenElected = log._end;
        return log;
    }

    /// <summary>The log of a new bucket, which is empty.</summary>
    public static BucketLog Create(StateStore store, TimeProvider time, long id, TableBucket bucket, int? leader) => new(store, time, id, bucket, leader);

    /// <summary>Moves the leadership, or takes it from all servers; readers that wait learn of it.</summary>
    public void Lead(int? server)
    {
        lock (_gate)
        {
            _leader = server;
            LeaderEpoch++;
            EndWhenElected = End;
        }

        WakeReaders();
    }

    /// <summary>Marks the bucket as gone; readers that wait learn of it.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _dropped = true;
        }

        WakeReaders();
    }

    /// <summary>Makes sure that a server may serve the bucket.</summary>
    /// <exception cref="FlussException">It does not lead, or the bucket is gone.</exception>
    public void RequireLeader(int server)
    {
        lock (_gate)
        {
            if (_dropped)
            {
                throw LogErrors.Unknown(Bucket);
            }

            if (_leader != server)
            {
                throw LogErrors.NotLeader(Bucket, server, _leader);
            }
        }
    }

    private void Load()
    {
        List<BatchEntry> batches = _store.Read(connection => connection.Rows(
            "SELECT id, base_offset, next_offset, timestamp, size, writer_id, sequence FROM batches WHERE bucket_id = $0 ORDER BY base_offset",
            static row => new BatchEntry(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5), row.GetInt32(6)),
            _id));
        long next = 0;
        foreach (BatchEntry batch in batches)
        {
            if (batch.BaseOffset != next || batch.NextOffset <= batch.BaseOffset)
            {
                throw new EmbeddedFlussException(
                    $"The log of bucket {LogErrors.Name(Bucket)} is damaged: a batch starts at offset {batch.BaseOffset} where {next} must follow. Restore the state from a copy.");
            }

            next = batch.NextOffset;
        }

        _batches = batches;
        Restore();
    }

    /// <summary>Sets the writer's own state to what is committed.</summary>
    private void Restore()
    {
        _uncommitted.Clear();
        _writers = new WriterState();
        _lastTimestamp = 0;
        foreach (BatchEntry batch in _batches)
        {
            _writers.Add(batch.WriterId, batch.Sequence, batch.BaseOffset);
            _lastTimestamp = batch.Timestamp;
        }

        _end = End;
    }

    private void WakeReaders()
    {
        List<FetchCall> waiting;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            waiting = _waiting;
            _waiting = [];
        }

        foreach (FetchCall call in waiting)
        {
            call.Wake(this);
        }
    }
}
