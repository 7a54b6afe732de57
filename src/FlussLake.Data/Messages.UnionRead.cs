using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Lake;

namespace FlussLake.Data;

/// <summary>The texts of the errors that reading a table can end with: each names what is at fault and what can be done.</summary>
internal static partial class Messages
{
    public const string NullTableArgument = "fluss_read needs the name of a table; an argument is NULL.";

    public const string EmptyTableName = "fluss_read needs the name of a table; the name is empty.";

    public const string NoServers = "The connection string names no servers. Give it the key 'Bootstrap Servers', or name them in the query: fluss_read('host:port', 'database', 'table').";

    public const string SessionClosed = "The connection that fluss_read belongs to is closed.";

    public const string PlanGone = "The plan of this read is gone. Run the statement again.";

    public static string PlanOf(TablePath table, string waiting) => $"the plan of table {table} ({waiting})";

    public static string LogOf(TablePath table, string waiting) => $"the log of table {table} ({waiting})";

    public static string ServersExpected(string given) => $"The first of three arguments of fluss_read names the servers as 'host:port[,host:port]', but is '{given}'.";

    public static string ImpossibleName(string what, string name) =>
        $"'{name}' cannot be the name of a Fluss {what}: it has up to 200 ASCII letters, digits, '_' and '-', taken as they stand. After a table's name, '$lake' or '$log' asks for one half.";

    public static string NoSuchDatabase(TablePath table) =>
        $"There is no table {table}: the cluster has no database '{table.Database}'. Names are case-sensitive. The key 'Database' of the connection string, or 'database.table', names another one.";

    public static string NoSuchTable(TablePath table) => $"There is no table {table}: database '{table.Database}' has no table '{table.Table}'. Names are case-sensitive.";

    public static string BadServers(string servers) => $"'{servers}' does not name servers: write 'host:port[,host:port]' with ports from 1 to 65535.";

    public static string OtherServersRefused(string servers) => $"The query reads from '{servers}', which the connection string does not name, and 'Allow Other Servers' is false.";

    public static string NoPartitionColumn(TablePath table, string key) => $"Table {table} is partitioned by \"{key}\", which is none of its columns.";

    public static string PartitionGone(TablePath table, IReadOnlyList<string> names) =>
        $"{(names.Count == 1 ? $"Partition '{names[0]}'" : $"One of the partitions '{string.Join("', '", names.Take(10))}'{(names.Count > 10 ? " and others" : "")}")} of table {table} was dropped "
        + "after the statement was planned. Run the statement again.";

    public static string PlanningOvertaken(TablePath table) =>
        $"Table {table} was tiered to its lake and partitions of it were dropped again and again while it was planned. Run the statement again.";

    public static string PrimaryKeyTable(TablePath table) => $"Table {table} has a primary key; primary-key tables are not supported yet.";

    public static string LogFormat(TablePath table, string format) =>
        $"Table {table} has the log format {format} (table.log.format); ARROW, INDEXED and COMPACTED can be read.";

    public static string LakeFormat(TablePath table, string format) =>
        $"The lake of table {table} has the format '{format}' (table.datalake.format); only 'paimon' can be read yet.";

    public static string NoReadableSnapshot(TablePath table, string reason) => $"'Union Read' is Required, but table {table} has no readable lake snapshot: {reason}.";

    public static string NoWarehouse(TablePath table) =>
        $"The cluster does not say where the lake of table {table} lies (table.datalake.paimon.warehouse). Name the warehouse's root with the key 'Lake Warehouse'.";

    public static string Lake(TablePath table, LakeException problem)
    {
        string message = $"The lake of table {table} cannot be read: {problem.Message}";
        return problem.Kind is LakeErrorKind.TableNotFound or LakeErrorKind.Unreadable
            ? $"{message} If the warehouse is reached under another path from here, name its root with the key 'Lake Warehouse'."
            : message;
    }

    public static string LakeFileGone(TablePath table, string path) =>
        $"The lake of table {table} no longer has the file '{path}', which was there when the statement was planned: it was compacted or expired meanwhile. Run the statement again.";

    public static string PathWithLineBreak(TablePath table, string path) => $"The lake of table {table} has a file whose path contains a line break: '{path}'.";

    public static string Nanoseconds(TablePath table, FlussColumn column) =>
        $"Column \"{column.Name}\" of table {table} has the type {column.Type}: its nanoseconds would be lost. Set 'Timestamp Nanoseconds=Truncate' in the connection string to read it with microseconds.";

    public static string UnsupportedColumn(TablePath table, FlussColumn column) => $"Column \"{column.Name}\" of table {table} has the type {column.Type}, which cannot be read: DuckDB needs fields in every ROW, with names that are not empty and differ in more than case. Leave the column out of the query.";

    public static string TableChanged(TablePath table) => $"Table {table} was dropped and created again while it was planned. Run the statement again.";

    public static string UnknownSchema(TablePath table, int schemaId, string column) =>
        $"The log of table {table} has a batch of schema {schemaId}, in which column \"{column}\" is not where the table's current schema has it.";
}
