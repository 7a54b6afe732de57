namespace FlussLake.Client.Metadata;

/// <summary>The largest end that a client has seen of each bucket's log. A smaller one later means that the bucket's leader does not know of records that were readable.</summary>
internal sealed class KnownEnds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TableBucket, long> _ends = [];

    /// <summary>Keeps what is larger than before; gives the buckets whose end went back, with the end that was known.</summary>
    public List<(int Bucket, long Known, long Now)> Note(long tableId, long? partitionId, IReadOnlyDictionary<int, long> ends)
    {
        List<(int Bucket, long Known, long Now)> wentBack = [];
        lock (_gate)
        {
            foreach ((int number, long end) in ends)
            {
                TableBucket bucket = new(tableId, partitionId, number);
                if (_ends.TryGetValue(bucket, out long known) && end < known)
                {
                    wentBack.Add((number, known, end));
                }
                else
                {
                    _ends[bucket] = end;
                }
            }
        }

        return wentBack;
    }

    /// <summary>Forgets buckets that are gone.</summary>
    public void Forget(Func<TableBucket, bool> isGone)
    {
        lock (_gate)
        {
            foreach (TableBucket bucket in _ends.Keys)
            {
                if (isGone(bucket))
                {
                    // Removing does not end an enumeration of a dictionary.
                    _ends.Remove(bucket);
                }
            }
        }
    }
}
