using FlussLake.Client;
using FlussLake.Client.Log;

namespace FlussLake.Embedded.Log;

/// <summary>Checks what a writer sent for a bucket before it is stored.</summary>
internal static class ProducedRecords
{
    /// <summary>The headers of the batches.</summary>
    /// <exception cref="FlussException">The bytes are not one or more whole batches with a matching CRC, in the layout that Fluss 0.9 writes.</exception>
    public static List<LogBatchHeader> Read(TableBucket bucket, ReadOnlySpan<byte> records)
    {
        List<LogBatchHeader> headers = [];
        while (records.Length > 0)
        {
            if (!TryRead(bucket, records, out LogBatchHeader header))
            {
                throw LogErrors.Corrupt(bucket, $"{records.Length} bytes after {headers.Count} batches are no whole batch");
            }

            uint crc = Crc32C.Compute(records[header.CrcStart..header.SizeInBytes]);
            if (crc != header.Crc)
            {
                throw LogErrors.Corrupt(bucket, $"the CRC of batch {headers.Count} is {crc:X8} instead of {header.Crc:X8}");
            }

            headers.Add(header);
            records = records[header.SizeInBytes..];
        }

        return headers.Count > 0 ? headers : throw LogErrors.Corrupt(bucket, "there is no batch");
    }

    private static bool TryRead(TableBucket bucket, ReadOnlySpan<byte> records, out LogBatchHeader header)
    {
        try
        {
            if (!LogBatchHeader.TryRead(records, out header))
            {
                return false;
            }
        }
        catch (FlussException exception)
        {
            throw LogErrors.Corrupt(bucket, exception.Message);
        }

        return header.Magic == 0 ? true : throw LogErrors.Corrupt(bucket, $"a batch has the layout {header.Magic}; this server stores layout 0, as Fluss 0.9 does");
    }
}
