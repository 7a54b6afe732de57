namespace FlussLake.Client.Log;

/// <summary>The walk over the batches of an answer: by what their headers say, without a gap and without a step back, cut at both ends of the range that is wanted.</summary>
internal static class BatchWalk
{
    /// <summary>Walks the complete batches. A server may cut the last batch of an answer; it comes again with the next one.</summary>
    /// <param name="name">Table and bucket, for the error.</param>
    /// <param name="wanted">What is still wanted of the bucket.</param>
    /// <param name="frame">What the batches lie in.</param>
    /// <param name="records">The answer's records.</param>
    /// <param name="isProjected">Whether the batches hold the projected columns only.</param>
    /// <param name="batches">Takes the batches with rows inside of the range.</param>
    /// <returns>The offset that follows the last complete batch; where there is none, the start of the range.</returns>
    /// <exception cref="FlussException"><see cref="FlussErrorCode.CorruptRecord"/>: the bytes are no batches, or their offsets do not follow each other.</exception>
    public static long Run(string name, LogRange wanted, FetchedFrame frame, ReadOnlyMemory<byte> records, bool isProjected, List<LogScanBatch> batches)
    {
        long expected = wanted.Start;
        int position = 0;
        while ((expected == LogRange.Earliest || expected < wanted.End) && TryReadHeader(name, expected, records.Span[position..], out LogBatchHeader header))
        {
            if (expected == LogRange.Earliest)
            {
                expected = header.BaseOffset;
            }

            // The first batch is the one that contains the offset asked for; from there on each follows the one before.
            bool fits = position == 0 ? header.BaseOffset <= expected && header.NextOffset > expected : header.BaseOffset == expected;
            if (!fits)
            {
                string what = header.BaseOffset > expected ? "records are missing" : "offsets go backwards";
                throw new FlussException(
                    $"{name}: {what}: after offset {expected} the server sent a batch of the offsets {header.BaseOffset} to {header.NextOffset - 1}.",
                    FlussErrorCode.CorruptRecord);
            }

            long firstOffset = Math.Max(header.BaseOffset, expected);
            long endOffset = Math.Min(header.BaseOffset + header.RecordCount, wanted.End);
            if (endOffset > firstOffset)
            {
                batches.Add(new LogScanBatch(
                    frame,
                    records.Slice(position, header.SizeInBytes),
                    wanted.Bucket,
                    header,
                    (int)(firstOffset - header.BaseOffset),
                    (int)(endOffset - firstOffset),
                    isProjected));
            }

            expected = header.NextOffset;
            position += header.SizeInBytes;
        }

        return expected;
    }

    private static bool TryReadHeader(string name, long offset, ReadOnlySpan<byte> bytes, out LogBatchHeader header)
    {
        try
        {
            return LogBatchHeader.TryRead(bytes, out header);
        }
        catch (FlussException exception)
        {
            throw new FlussException($"{name}, offset {offset}: {exception.Message}", exception.Code, exception);
        }
    }
}
