namespace FlussLake.Client.Tests.Servers;

/// <summary>One bucket of a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeBucket
{
    /// <summary>The server that leads, or null.</summary>
    public int? Leader { get; set; } = 0;

    public long HighWatermark { get; set; }

    public long LogStart { get; set; }

    public List<(long Base, long Next, byte[] Bytes)> Batches { get; } = [];

    /// <summary>The batches that producers brought, in the order of the log.</summary>
    public List<ProducedBatch> Produced { get; } = [];

    public FakeBucket Append(int records, int payload = 64)
    {
        Batches.Add((HighWatermark, HighWatermark + Math.Max(1, records), LogBatches.Batch(HighWatermark, records, payload)));
        HighWatermark += Math.Max(1, records);
        return this;
    }

    /// <summary>What a server returns: from the batch that contains the offset, up to the size, the last batch possibly cut, but at least one whole batch.</summary>
    public byte[] Read(long offset, int maxBytes)
    {
        using MemoryStream bytes = new();
        foreach ((long first, long next, byte[] batch) in Batches)
        {
            if (next <= offset || first >= HighWatermark)
            {
                continue;
            }

            if ((int)bytes.Length > 0 && (int)bytes.Length + batch.Length > maxBytes)
            {
                bytes.Write(batch.AsSpan(0, Math.Max(0, maxBytes - (int)bytes.Length)));
                break;
            }

            bytes.Write(batch);
        }

        return bytes.ToArray();
    }
}
