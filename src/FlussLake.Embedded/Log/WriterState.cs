using System.Runtime.InteropServices;

namespace FlussLake.Embedded.Log;

/// <summary>
/// What a bucket remembers of its idempotent writers: the last batches of each, so that a batch that is sent again is acknowledged with the offset that it has, and a batch
/// that came out of order is refused. Changed by the state's writer alone.
/// </summary>
internal sealed class WriterState
{
    // Fluss: a writer has at most five batches in flight for a bucket.
    private const int Remembered = 5;

    private readonly Dictionary<long, List<WriterBatch>> _writers = [];

    /// <summary>The offset of the batch with this number where the writer appended it among its last ones.</summary>
    public long? FindDuplicate(long writerId, int sequence)
    {
        if (_writers.TryGetValue(writerId, out List<WriterBatch>? batches))
        {
            foreach (WriterBatch batch in batches)
            {
                if (batch.Sequence == sequence)
                {
                    return batch.BaseOffset;
                }
            }
        }

        return null;
    }

    /// <summary>The number of the writer's last batch in the bucket, or -1.</summary>
    public int LastSequence(long writerId) => _writers.TryGetValue(writerId, out List<WriterBatch>? batches) ? batches[^1].Sequence : -1;

    public void Add(long writerId, int sequence, long baseOffset)
    {
        if (writerId < 0)
        {
            return;
        }

        ref List<WriterBatch>? batches = ref CollectionsMarshal.GetValueRefOrAddDefault(_writers, writerId, out _);
        batches ??= new List<WriterBatch>(Remembered);
        if (batches.Count == Remembered)
        {
            batches.RemoveAt(0);
        }

        batches.Add(new WriterBatch(sequence, baseOffset));
    }
}
