using System.Buffers.Binary;

using FlussLake.Client.Log;

namespace FlussLake.Embedded.Log;

internal sealed partial class BucketLog
{
    private const int TimestampPosition = 13;

    // What follows is the state of the writer's thread: it runs ahead of what readers see until the transaction is committed.
    private readonly List<BatchEntry> _uncommitted = [];
    private WriterState _writers = new();
    private long _end;
    private long _lastTimestamp;

    /// <summary>Appends the batches of one request inside the writer's transaction: all or none.</summary>
    /// <param name="server">The server that was asked.</param>
    /// <param name="records">The batches, whole and checked; offsets and times are stamped into them.</param>
    /// <param name="headers">Their headers.</param>
    /// <returns>The offset of the first record. Batches that were appended before keep the offsets that they have, and only the others are appended.</returns>
    public long Append(int server, Memory<byte> records, IReadOnlyList<LogBatchHeader> headers)
    {
        RequireLeader(server);
        long?[] known = FindDuplicates(headers);
        long first = known[0] ?? _end;
        int next = 0;
        long timestamp = Math.Max(_lastTimestamp, _time.GetUtcNow().ToUnixTimeMilliseconds());
        for (int i = 0; i < headers.Count; i++)
        {
            LogBatchHeader header = headers[i];
            int position = next;
            next += header.SizeInBytes;
            if (known[i] is not null)
            {
                continue;
            }

            Memory<byte> bytes = records.Slice(position, header.SizeInBytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.Span, _end);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.Span[TimestampPosition..], timestamp);
            BatchEntry entry = new(0, _end, _end + header.LastOffsetDelta + 1, timestamp, header.SizeInBytes, header.WriterId, header.BatchSequence);
            _uncommitted.Add(entry with { Id = _store.InsertBatch(_id, entry, bytes.ToArray()) });
            _writers.Add(header.WriterId, header.BatchSequence, _end);
            _end = entry.NextOffset;
            _lastTimestamp = timestamp;
        }

        return first;
    }

    /// <summary>Shows what the transaction appended.</summary>
    public void Commit()
    {
        if (_uncommitted.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            _batches.AddRange(_uncommitted);
        }

        _uncommitted.Clear();
        WakeReaders();
    }

    /// <summary>Forgets what a transaction that was rolled back had appended.</summary>
    public void Rollback()
    {
        // Of several appends of one transaction the first to be told restores the whole log.
        if (_uncommitted.Count > 0)
        {
            Restore();
        }
    }

    /// <summary>The offset of each batch that was appended before; makes sure that each of the others follows its writer's last one.</summary>
    private long?[] FindDuplicates(IReadOnlyList<LogBatchHeader> headers)
    {
        long?[] known = new long?[headers.Count];
        Dictionary<long, int> last = [];
        for (int i = 0; i < headers.Count; i++)
        {
            LogBatchHeader header = headers[i];
            if (header.WriterId < 0)
            {
                continue;
            }

            known[i] = _writers.FindDuplicate(header.WriterId, header.BatchSequence);
            if (known[i] is not null)
            {
                continue;
            }

            int before = last.TryGetValue(header.WriterId, out int seen) ? seen : _writers.LastSequence(header.WriterId);
            bool follows = header.BatchSequence == before + 1L || (before == int.MaxValue && header.BatchSequence == 0);
            last[header.WriterId] = follows ? header.BatchSequence : throw LogErrors.OutOfOrder(Bucket, header.WriterId, header.BatchSequence, before);
        }

        return known;
    }
}
