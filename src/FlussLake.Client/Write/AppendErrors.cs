using System.Globalization;

namespace FlussLake.Client.Write;

/// <summary>The messages of failed writers.</summary>
internal static class AppendErrors
{
    public static string Place(TablePath table, BucketAppender bucket)
    {
        string partition = bucket.Bucket.PartitionId is { } id ? string.Create(CultureInfo.InvariantCulture, $", partition {bucket.Partition.Name} (id {id})") : "";
        return string.Create(CultureInfo.InvariantCulture, $"table {table}{partition}, bucket {bucket.Bucket.Bucket}");
    }

    /// <summary>The failure of a writer, with what became of its rows.</summary>
    public static FlussException Failed(string place, FlussException cause, string why, long appended, long acknowledged, long inDoubt) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Appending to {place} failed: {why}{cause.Message} Of {appended} rows appended to the writer {acknowledged} are acknowledged, {inDoubt} may be in the log or not, and "
                + $"{appended - acknowledged - inDoubt} are not in it. The writer takes no more rows: open a new one."),
        cause.Code,
        cause);

    /// <summary>What a code means where it ends a writer, as a sentence before the server's own words; empty where these say enough.</summary>
    public static string Why(FlussErrorCode code, bool isInDoubt) => code switch
    {
        FlussErrorCode.PartitionNotExists => "The partition was dropped. ",
        FlussErrorCode.TableNotExist => "The table was dropped. ",
        FlussErrorCode.OutOfOrderSequence => "The server misses batches that it acknowledged before. ",
        FlussErrorCode.UnknownWriterId => "The server does not know this writer any more. ",
        _ when isInDoubt && code.IsRetriable() => "Without idempotence a batch whose answer was lost is not sent again, unless AtLeastOnce is set. ",
        _ => "",
    };

    public static FlussException Overdue(FlussException last, TimeSpan timeout) => new(
        string.Create(CultureInfo.InvariantCulture, $"A batch was not acknowledged within the DeliveryTimeout of {timeout.TotalSeconds:0.###} s. The last failure: {last.Message}"),
        last.Code,
        last);

    public static FlussException TooLarge(long bytes, int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"A batch takes {bytes} bytes, more than the {most} that servers take."), FlussErrorCode.RecordTooLarge);

    public static FlussException ClientDisposed(Exception cause) => new("The client of the writer was disposed.", FlussErrorCode.OperationNotAttempted, cause);

    public static FlussException Unforeseen(Exception cause) => new(cause.Message, FlussErrorCode.UnknownServerError, cause);

    public static FlussException NotNamed() => new("The server's answer does not name the bucket.", FlussErrorCode.CorruptMessage);

    public static FlussException NoPartition(TablePath table, string name) => new(
        $"Table {table} has no partition {name}, and CreatePartitions is false. The row was not appended.", FlussErrorCode.PartitionNotExists);

    public static FlussException PrimaryKeyTable(TablePath table) => new(
        $"Table {table} has a primary key: an append writer writes tables without one.", FlussErrorCode.InvalidTable);

    public static FlussException LogFormat(TablePath table, string format) => new(
        $"Table {table} has the log format {format} (table.log.format): an append writer writes ARROW only.", FlussErrorCode.UnsupportedVersion);

    public static FlussException Compression(TablePath table, string property, string value) => new(
        $"Table {table} has '{value}' as {property}, which this client does not know.", FlussErrorCode.UnsupportedVersion);
}
