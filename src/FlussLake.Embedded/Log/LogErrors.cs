using FlussLake.Client;

namespace FlussLake.Embedded.Log;

/// <summary>What requests for buckets are refused with.</summary>
internal static class LogErrors
{
    public static FlussException Unknown(TableBucket bucket) => new($"There is no bucket {Name(bucket)} here: its table or partition was dropped, or never was.", FlussErrorCode.UnknownTableOrBucket);

    public static FlussException NotLeader(TableBucket bucket, int server, int? leader) => new(
        $"Tablet server {server} does not lead bucket {Name(bucket)}: {(leader is { } other ? $"server {other} does" : "no server does at the moment")}.", FlussErrorCode.NotLeaderOrFollower);

    public static FlussException OutOfRange(TableBucket bucket, long offset, long end) => new(
        $"The offset {offset} is out of range for bucket {Name(bucket)}, whose log goes from 0 to {end}.", FlussErrorCode.LogOffsetOutOfRange);

    public static FlussException Corrupt(TableBucket bucket, string why) => new($"The records for bucket {Name(bucket)} are corrupt: {why}.", FlussErrorCode.CorruptRecord);

    public static FlussException OutOfOrder(TableBucket bucket, long writerId, int sequence, int last) => new(
        $"Writer {writerId} sent batch {sequence} to bucket {Name(bucket)} after batch {last}: {last + 1L} was to follow.", FlussErrorCode.OutOfOrderSequence);

    public static FlussException FutureTimestamp(TableBucket bucket, long timestamp, long now) => new(
        $"The timestamp {timestamp} asked of bucket {Name(bucket)} lies in the future: it is {now} now.", FlussErrorCode.InvalidTimestamp);

    public static string Name(TableBucket bucket) => bucket.PartitionId is { } partition
        ? $"{bucket.Bucket} of partition {partition} of table {bucket.TableId}"
        : $"{bucket.Bucket} of table {bucket.TableId}";
}
