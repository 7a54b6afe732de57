using FlussLake.Client;

namespace FlussLake.Embedded.Catalog;

/// <summary>What requests for tables and partitions are refused with.</summary>
internal static class TableErrors
{
    public static FlussException NoDatabase(string name) => new($"Database {name} does not exist.", FlussErrorCode.DatabaseNotExist);

    public static FlussException NoTable(TablePath path) => new($"Table {path} does not exist.", FlussErrorCode.TableNotExist);

    public static FlussException Invalid(TablePath path, string why) => new($"Table {path} cannot be made: {why}.", FlussErrorCode.InvalidTable);

    public static FlussException NotPartitioned(TablePath path) => new($"Table {path} is not partitioned.", FlussErrorCode.TableNotPartitioned);

    public static FlussException NoPartition(TablePath path, string partition) => new($"Table {path} has no partition {partition}.", FlussErrorCode.PartitionNotExists);

    public static FlussException CannotAlter(TablePath path, string why) => new($"Table {path} cannot be altered: {why}.", FlussErrorCode.InvalidAlterTable);
}
