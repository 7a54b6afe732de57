using System.Globalization;

namespace FlussLake.Data;

/// <summary>Every message of the provider's own errors.</summary>
internal static partial class Messages
{
    public const string ConnectionStringWhileOpen = "The connection string cannot be changed while the connection is open.";

    public const string ConnectionStringAfterOpen =
        "A connection that was opened once keeps its database. Create a new FlussLakeConnection to open another data source or to use other DuckDB settings.";

    public const string AlreadyOpen = "The connection is already open.";

    public const string ReaderOpen = "A data reader is open on this connection. Close it before the next command runs, or use a second connection.";

    public const string CallInProgress = "Another call on this command or reader is still running. A connection serves one call at a time.";

    public const string NoCommandText = "CommandText has no statement to run.";

    public const string NulInText = "CommandText contains a NUL character, where DuckDB would end it.";

    public const string InterruptedByError =
        "DuckDB interrupted the statement, and nobody had cancelled it: an error on another of its threads, of which it did not tell. Run the statement again, with threads=1 to be sure to see it.";

    public const string NoConnection = "The command has no connection.";

    public const string ReaderClosed = "The data reader is closed.";

    public const string ReaderFailed = "An earlier call on this reader failed, so it has no further rows.";

    public const string NoRow = "There is no current row: call Read first, and stop when it returns false.";

    public const string Cancelled = "The statement was cancelled.";

    public const string ConnectionClosedMeanwhile = "The connection was closed while the call ran.";

    public const string AlreadyInTransaction = "The connection is in a transaction already. DuckDB has no nested transactions.";

    public const string TransactionAborted =
        "The transaction cannot be committed: an earlier statement of it failed or was stopped, which aborted it. Nothing of it is in the database; it is rolled back. Run all of it again.";

    public const string DuplicateNotSupported =
        "A FlussLakeConnection is not duplicated. Create another with the same connection string: connections without Data Source, and those to one file, share a DuckDB instance.";

    public const string ArrowNotSupported =
        "Arrow streams of DuckDB.NET go past this provider's statements (time-outs, cancellation, plans). Use ExecuteReader, or a plain DuckDBConnection.";

    public const string CommandNeedsFlussLakeConnection = "A FlussLakeCommand runs on a FlussLakeConnection only.";

    public static string NotOpen(string operation) => $"{operation} needs an open connection, and this one is closed.";

    public static string NoSuchParameter(string name) =>
        $"The statement uses @{name}, but the command has no parameter of that name. For the absolute value, which is what DuckDB makes of @, write abs({name}).";

    public static string UnknownKey(string key) => $"The connection string key '{key}' is neither known to FlussLake.Data nor a DuckDB setting.";

    public static string BadValue(string key, string value, string expected) => $"The value '{value}' of the connection string key '{key}' is not valid: {expected}.";

    public static string CredentialsInPart(bool userIsMissing) => userIsMissing
        ? "The connection string has the key 'Password' without 'User ID'."
        : "The connection string has the key 'User ID' without 'Password'.";

    public static string NamedMemory(string source) =>
        $"The data source '{source}' would be a file of that name. Use ':memory:' for a database of this connection alone, or leave Data Source out to share an instance.";

    public static string OtherCase(string path, string open) =>
        $"The database file '{path}' differs only in case from '{open}', which this process has open. DuckDB.NET cannot tell them apart: rename one of them.";

    public static string OtherSetting(string path, string setting, string? asked, string? open) =>
        $"The database file '{path}' is open in this process with {Value(setting, open)}, and this connection string asks for {Value(setting, asked)}. "
        + $"Use the same value of '{setting}' in every connection string of the file.";

    public static string TimedOut(TimeSpan timeout, string? waitedFor) => string.Create(
        CultureInfo.InvariantCulture,
        $"The call did not end within the command time-out of {timeout.TotalSeconds} s{(waitedFor is null ? string.Empty : $", while it waited for {waitedFor}")}. Raise 'Command Timeout' or CommandTimeout; 0 means none.");

    public static string NoSuchColumn(string name) => $"The result has no column '{name}'.";

    public static string NoSuchOrdinal(int ordinal, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"The result has {count} columns; there is no column {ordinal}.");

    public static string BeyondDecimal(string column, string type) =>
        $"The value of column '{column}' ({type}) is beyond the range or precision of System.Decimal. Read it with GetFieldValue<SqlDecimal> or GetFieldValue<BigInteger>.";

    public static string BeyondSqlDecimal(string column, string type) =>
        $"The value of column '{column}' ({type}) has more than 38 digits. Read it with GetFieldValue<BigInteger>.";

    public static string HasFraction(string column, string type) =>
        $"The value of column '{column}' ({type}) has a fraction, which BigInteger cannot hold. Read it with GetFieldValue<SqlDecimal>.";

    public static string IsNull(string column) => $"The value of column '{column}' is null. Ask IsDBNull first, or read a nullable type.";

    public static string CannotRead(string column, string type, Type target) => $"Column '{column}' ({type}) cannot be read as {target}.";

    public static string OutOfRange(string column, string type, Type target) => $"The value of column '{column}' ({type}) does not fit {target}.";

    private static string Value(string setting, string? value) => value is null ? $"the default of '{setting}'" : $"{setting}={value}";
}
