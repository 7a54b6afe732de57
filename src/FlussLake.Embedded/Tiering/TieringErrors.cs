using FlussLake.Client;
using FlussLake.Embedded.Log;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering;

/// <summary>Every message of the tiering in one place.</summary>
internal static class TieringErrors
{
    public static LakeException ColumnNotSupported(string table, string column, string type) => new(
        LakeErrorKind.NotSupported, $"The lake table '{table}' cannot be written: its column '{column}' has the type {type}, which no Fluss column has. Remove the column.");

    public static LakeException OptionNotSupported(string table, string option, string value, string advice) =>
        new(LakeErrorKind.NotSupported, $"The lake table '{table}' cannot be written: its option '{option}' is '{value}'. {advice}");

    public static LakeException TableNotSupported(string table, string what) => new(LakeErrorKind.NotSupported, $"The lake table '{table}' cannot be written: {what}.");

    public static LakeException Contended(string table, int attempts) => new(
        LakeErrorKind.Unreadable, $"The lake table '{table}' got a snapshot of somebody else's in each of {attempts} attempts to commit. Try again when fewer jobs commit to it.");

    public static LakeException CannotWrite(string table, Exception cause) =>
        new(LakeErrorKind.Unreadable, $"The lake table '{table}' cannot be written: {cause.Message} No row of the round is visible in it.", cause);

    public static LakeException TableNotFound(TablePath table, string root) =>
        new(LakeErrorKind.TableNotFound, $"The lake half of table {table} is missing: there is no schema file below '{root}/schema'. Create the lake table first.");

    public static FlussException AlreadyExists(TablePath table, string why) => new(
        $"Table {table} cannot be created: a table of that name is in the lake already, and {why}. Drop the lake table, or choose another name.",
        FlussErrorCode.LakeTableAlreadyExist);

    public static FlussException CannotTakeAgain(TablePath table, string why) => new(
        $"Table {table} cannot have its lake half again: {why}. The rows that were tiered are in that lake table alone: alter it to fit, do not drop it.", FlussErrorCode.LakeTableAlreadyExist);

    public static FlussException SystemColumn(TablePath table, string column) =>
        new($"Table {table} cannot be kept in the lake: its column '{column}' has the name of a column that Fluss adds there. Rename the column.", FlussErrorCode.InvalidTable);

    public static FlussException PartitionKey(TablePath table, string column, object type) => new(
        $"Table {table} cannot be kept in the lake: its partition key '{column}' has the type {type}. Supported are strings, whole numbers, BOOLEAN, DATE, TIME and TIMESTAMP.",
        FlussErrorCode.InvalidTable);

    public static FlussException PrimaryKey(TablePath table) =>
        new($"Table {table} cannot be kept in the lake: it has a primary key, and only log tables are tiered.", FlussErrorCode.InvalidTable);

    public static FlussException OptionIsSet(TablePath table, string option) =>
        new($"The property '{option}' of table {table} must not be given: Fluss sets it by itself.", FlussErrorCode.InvalidConfig);

    public static FlussException OptionOfNewTable(TablePath table, string option, string value, string advice) =>
        new($"The property 'paimon.{option}' of table {table} is '{value}'. {advice}", FlussErrorCode.InvalidConfig);

    public static FlussException CannotAlter(TablePath table, string why) => new($"The lake half of table {table} cannot get new columns: {why}.", FlussErrorCode.InvalidAlterTable);

    public static FlussException ColumnMissing(TablePath table, string column, string root) => new(
        $"Column '{column}' of table {table} is not in the lake table '{root}': its values would be lost. Add the column to the lake table first.", FlussErrorCode.InvalidTable);

    public static FlussException ColumnDiffers(TablePath table, string column, object type, string lakeType) => new(
        $"Column '{column}' of table {table} has the type {type}, and in the lake the type {lakeType}. Give both the same type.", FlussErrorCode.InvalidTable);

    public static FlussException NullValue(TablePath table, string? partition, TableBucket bucket, long offset, string column) => new(
        $"{Batch(table, partition, bucket, offset)} has a NULL in column '{column}', which the lake table declares NOT NULL. Let the lake's column be nullable.", FlussErrorCode.CorruptRecord);

    public static FlussException NotAppendOnly(TablePath table, string? partition, TableBucket bucket, long offset) =>
        new($"{Batch(table, partition, bucket, offset)} takes rows back, which a table without a primary key never does.", FlussErrorCode.CorruptRecord);

    public static FlussException Value(TablePath table, string? partition, TableBucket bucket, long offset, Exception cause) =>
        new($"{Batch(table, partition, bucket, offset)} has a value that the lake cannot hold: {cause.Message}", FlussErrorCode.CorruptRecord, cause);

    public static FlussException Damaged(TablePath table, string? partition, TableBucket bucket, long offset) =>
        new($"{Batch(table, partition, bucket, offset)} is damaged. Restore the state from a copy.", FlussErrorCode.CorruptRecord);

    public static FlussException NoBucket(TablePath table, long tableId, TableBucket bucket) => new(
        $"A round of table {table}, whose id is {tableId}, cannot end in bucket {LogErrors.Name(bucket)}: the table has no such bucket, or no such partition any more.",
        FlussErrorCode.UnknownTableOrBucket);

    public static FlussException NegativeEnd(TablePath table, TableBucket bucket, long end) =>
        new($"A round of table {table} cannot end at offset {end} of bucket {LogErrors.Name(bucket)}: offsets count from 0.", FlussErrorCode.LogOffsetOutOfRange);

    public static FlussException TakenBack(TablePath table, long registered, long? newest) => new(
        $"The lake of table {table} lacks snapshot {registered}, the newest that the server knows of: {(newest is { } id ? $"it ends at snapshot {id}" : "it has no snapshot")}. Tiering on "
            + "would leave out the rows in between: bring the lake table's files back, or drop the table and its lake table and make both anew.",
        FlussErrorCode.StorageFailure);

    public static FlussException AheadOfLog(TablePath table, string? partition, TableBucket bucket, long tiered, long end) => new(
        $"The lake of table {table} holds {Bucket(partition, bucket)} up to offset {tiered}, and its log ends at {end}: the state is older than the lake. New rows would be taken for "
            + "tiered: bring the newer state back, or drop the table and its lake table and make both anew.",
        FlussErrorCode.StorageFailure);

    public static FlussException NotOurs(TablePath table, long snapshot, string property) => new(
        $"Snapshot {snapshot} of the lake of table {table} was committed by a tiering of another table, or does not say up to which offsets ({property}). "
            + "Tiering on could write rows twice: roll the lake table back to the snapshot before it, or drop it where there is none.",
        FlussErrorCode.StorageFailure);

    public static FlussException Stopping(TablePath table) => new(
        $"The server is being stopped: the round of table {table} was given up, and nothing of it is in the lake. A round after the next start takes its rows.", FlussErrorCode.StorageFailure);

    private static string Batch(TablePath table, string? partition, TableBucket bucket, long offset) =>
        $"The log batch at offset {offset} of {Bucket(partition, bucket)} of table {table}";

    private static string Bucket(string? partition, TableBucket bucket) => partition is null ? $"bucket {bucket.Bucket}" : $"bucket {bucket.Bucket} of partition {partition}";
}
