using System.Globalization;
using FlussLake.Client;

namespace FlussLake.Data;

/// <summary>The texts of the errors that a bulk copy can end with.</summary>
internal static partial class Messages
{
    public const string NoDestinationTable = "DestinationTableName is not set: name the table, as 'table' or 'database.table'.";

    public const string CopyInProgress = "This FlussBulkCopy is copying already. One copies from one source at a time.";

    public const string CopyAborted = "The copy was ended by a handler of RowsCopied. The rows taken until then are written.";

    public const string NullRow = "it is null.";

    public static string CopyNeedsServers(string table) => $"Table {table} cannot be written: the connection string names no servers. Give it the key 'Bootstrap Servers'.";

    public static string CopyToHalf(string table) => $"'{table}' is one half of a table and cannot be written; name the table itself.";

    public static string NoDestinationColumn(string source, TablePath table) =>
        $"The source's column '{source}' has no column in table {table}. Leave it out, or map it with ColumnMappings.";

    public static string NoSourceColumn(string source) => $"ColumnMappings names the column '{source}', which the source does not have.";

    public static string NoMappedColumn(string destination, TablePath table) => $"ColumnMappings names the column '{destination}', which table {table} does not have.";

    public static string AmbiguousColumn(string name, string first, string second) => first == second
        ? $"There are two columns '{first}', so that '{name}' does not say which: give one of them another name."
        : $"The column '{name}' could be '{first}' or '{second}': map it with ColumnMappings, spelt exactly.";

    public static string TwoSources(string first, string second, string destination) =>
        $"The source's columns '{first}' and '{second}' both go to the column '{destination}'. Map one of them elsewhere, or leave it out.";

    public static string ColumnNeedsSource(string column, string type, TablePath table) =>
        $"Column '{column}' of table {table} is {type}, and the source has no column for it.";

    public static string NoProperties(Type type) =>
        $"Rows of the type {type} have no readable public properties to copy. Give rows with properties, object[] rows with a value for each column, or a DbDataReader.";

    public static string NoSourceColumns(TablePath table) => $"The source has no columns, so that there is nothing to copy to table {table}.";

    public static string NoValue(string column, string problem) => $"its column '{column}' cannot be read: {problem}";

    public static string BadRow(long row, string problem) => string.Create(CultureInfo.InvariantCulture, $"Row {row} of the source cannot be written: {problem}");

    public static string CopyTimedOut(TablePath table, TimeSpan timeout, long acknowledged) => string.Create(
        CultureInfo.InvariantCulture,
        $"Copying to table {table} did not end within BulkCopyTimeout, {timeout.TotalSeconds} s; {acknowledged} rows are acknowledged and stay. Raise it; 0 means none.");
}
