using FlussLake.Client;

namespace FlussLake.Embedded.Log;

internal sealed partial class BucketLog
{
    /// <summary>The whole batches from the one that contains an offset, as many as fit.</summary>
    /// <param name="offset">The offset, or -2 for the start of the log.</param>
    /// <param name="maxBytes">The size that they may have together.</param>
    /// <param name="atLeastOne">Whether the first one is read however large it is.</param>
    /// <returns>The batches in order.</returns>
    /// <exception cref="FlussException">The log does not go that far.</exception>
    public List<BatchEntry> Find(long offset, long maxBytes, bool atLeastOne)
    {
        lock (_gate)
        {
            List<BatchEntry> found = [];
            long end = End;
            if (offset == EarliestOffset)
            {
                offset = 0;
            }

            if (offset < 0 || offset > end)
            {
                throw LogErrors.OutOfRange(Bucket, offset, end);
            }

            long size = 0;
            for (int i = offset == end ? _batches.Count : IndexOf(offset); i < _batches.Count; i++)
            {
                size += _batches[i].Size;
                if (size > maxBytes && !(atLeastOne && found.Count == 0))
                {
                    break;
                }

                found.Add(_batches[i]);
            }

            return found;
        }
    }

    /// <summary>The bytes of a batch.</summary>
    /// <exception cref="FlussException">The table was dropped meanwhile.</exception>
    public byte[] Read(BatchEntry batch) => _store.ReadBatch(batch.Id) ?? throw LogErrors.Unknown(Bucket);

    /// <summary>The offset of the first batch that was committed at a time or after it; the end of the log where none was.</summary>
    public long OffsetAt(long timestamp)
    {
        lock (_gate)
        {
            int low = 0;
            int high = _batches.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = _batches[middle].Timestamp < timestamp ? (middle + 1, high) : (low, middle);
            }

            return low < _batches.Count ? _batches[low].BaseOffset : End;
        }
    }

    /// <summary>Has a call woken when the log changes, unless it has grown beyond an end by now.</summary>
    /// <returns>False where it has, so that the call need not wait.</returns>
    public bool TryWait(FetchCall call, long knownEnd)
    {
        lock (_gate)
        {
            if (_dropped || End > knownEnd)
            {
                return false;
            }

            _waiting.Add(call);
            return true;
        }
    }

    public void StopWaiting(FetchCall call)
    {
        lock (_gate)
        {
            _waiting.Remove(call);
        }
    }

    // The batch that contains the offset, which is not beyond the last one.
    private int IndexOf(long offset)
    {
        int low = 0;
        int high = _batches.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _batches[middle].NextOffset <= offset ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
