using System.Text;

namespace FlussLake.Client.Protocol;

/// <summary>
/// Reads FetchLog responses in place. A generated message would copy the records of every bucket into arrays of their own; here they stay where the socket put them.
/// Response: 1 * table { 1 table id, 2 * bucket { 1 partition id, 2 bucket id, 3 error code, 4 error message, 5 high watermark, 7 remote log, 8 records } }.
/// </summary>
internal static class FetchLogResponseReader
{
    /// <summary>Finds what a response says of one bucket.</summary>
    /// <param name="body">The response's body.</param>
    /// <param name="bucket">The bucket that was asked for.</param>
    /// <param name="answer">The bucket's part.</param>
    /// <returns>True where the response names the bucket.</returns>
    /// <exception cref="FormatException">The bytes are no FetchLog response, or the description of the remote segments is no message.</exception>
    public static bool TryFind(ReadOnlySpan<byte> body, TableBucket bucket, out FetchLogBucketAnswer answer)
    {
        answer = default;
        bool found = false;
        WireReader reader = new(body);
        while (!reader.AtEnd)
        {
            Require(reader.TryReadTag(out int field, out int wireType));
            if (field == 1 && wireType == 2)
            {
                Require(reader.TryReadContent(out int start, out int length));
                found |= TryFindInTable(body, start, length, bucket, ref answer);
            }
            else
            {
                Require(reader.TrySkip(field, wireType));
            }
        }

        return found;
    }

    private static bool TryFindInTable(ReadOnlySpan<byte> body, int tableStart, int tableLength, TableBucket bucket, ref FetchLogBucketAnswer answer)
    {
        ReadOnlySpan<byte> table = body.Slice(tableStart, tableLength);

        // Fields may come in any order: the id first, so that the buckets of other tables are not looked at.
        long? tableId = null;
        WireReader ids = new(table);
        while (!ids.AtEnd)
        {
            Require(ids.TryReadTag(out int field, out int wireType));
            if (field == 1 && wireType == 0)
            {
                Require(ids.TryReadVarint(out ulong value));
                tableId = (long)value;
            }
            else
            {
                Require(ids.TrySkip(field, wireType));
            }
        }

        if (tableId != bucket.TableId)
        {
            return false;
        }

        bool found = false;
        WireReader reader = new(table);
        while (!reader.AtEnd)
        {
            Require(reader.TryReadTag(out int field, out int wireType));
            if (field == 2 && wireType == 2)
            {
                Require(reader.TryReadContent(out int start, out int length));
                found |= TryReadBucket(body, tableStart + start, length, bucket, ref answer);
            }
            else
            {
                Require(reader.TrySkip(field, wireType));
            }
        }

        return found;
    }

    private static bool TryReadBucket(ReadOnlySpan<byte> body, int bucketStart, int bucketLength, TableBucket wanted, ref FetchLogBucketAnswer answer)
    {
        ReadOnlySpan<byte> bytes = body.Slice(bucketStart, bucketLength);
        WireReader reader = new(bytes);
        long? partitionId = null;
        int? bucketId = null;
        FetchLogBucketAnswer read = default;
        while (!reader.AtEnd)
        {
            Require(reader.TryReadTag(out int field, out int wireType));
            if (wireType == 0 && field is 1 or 2 or 3 or 5)
            {
                Require(reader.TryReadVarint(out ulong value));
                switch (field)
                {
                    case 1:
                        partitionId = (long)value;
                        break;
                    case 2:
                        bucketId = (int)value;
                        break;
                    case 3:
                        read = read with { ErrorCode = (int)value };
                        break;
                    default:
                        read = read with { HighWatermark = (long)value };
                        break;
                }
            }
            else if (wireType == 2 && field is 4 or 7 or 8)
            {
                Require(reader.TryReadContent(out int start, out int length));
                read = field switch
                {
                    4 => read with { ErrorMessage = Encoding.UTF8.GetString(bytes.Slice(start, length)) },
                    7 => read with { RemoteLog = WireMessage.Read(PbRemoteLogFetchInfo.Parser, bytes.Slice(start, length)) },
                    _ => read with { Records = (bucketStart + start)..(bucketStart + start + length) },
                };
            }
            else
            {
                Require(reader.TrySkip(field, wireType));
            }
        }

        if (bucketId != wanted.Bucket || partitionId != wanted.PartitionId)
        {
            return false;
        }

        answer = read;
        return true;
    }

    private static void Require(bool valid)
    {
        if (!valid)
        {
            throw new FormatException("The bytes are not a FetchLog response.");
        }
    }
}
